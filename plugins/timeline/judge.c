/*
 * A session's verdict: one line on what became of the mail, for those who scroll through a thousand
 * sessions and read only that.
 */
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 4

/*
 * On one line, in this order: what became of the mail, how bad else it is, what it was about. The
 * last gives way where the line is too short; it stands in full further down.
 */
typedef struct {
    GString *fate;
    GString *about;        /* empty for none, or for the envelope */
    bool is_about_message; /* the envelope of the only message */
    SsInk ink;
} Verdict;

/* Addresses shorter than this are not shortened. */
#define ADDRESS_CELLS_MIN 12
/* With less room than this for what it was about, the line does without the protection. */
#define ABOUT_CELLS_MIN (3 + 2 * ADDRESS_CELLS_MIN)

static void
append_part(GString *text, uint64_t n, const char *what)
{
    if (n) {
        g_string_append(text, ", ");
        ss_words_count(text, n);
        g_string_append_printf(text, " %s", what);
    }
}

bool
ss_judge_is_unheard(const SsPeer *peer, const SsPeer *other)
{
    return peer->packets == 0 && peer->bytes == 0 && (other->bytes || other->missing_bytes);
}

/* The word for what became of every message, or of not all of them. */
static const char *
common_fate(const SsTold *told, const SsEventSession *session, uint64_t total, SsInk *ret_ink)
{
    *ret_ink = SS_INK_WARN;
    if (session->messages.accepted == total) {
        *ret_ink = told->n_partly ? SS_INK_WARN : SS_INK_GOOD;
        return told->n_partly ? "PARTLY REFUSED" : "accepted";
    }
    if (session->messages.deferred == total) {
        return "DEFERRED";
    }
    if (session->messages.unknown == total) {
        return ss_judge_is_unheard(&session->server, &session->client)
                   ? "UNKNOWN"
                   : "UNKNOWN, replies not captured";
    }
    if (session->messages.accepted) {
        return "NOT ALL ACCEPTED";
    }
    *ret_ink = SS_INK_BAD;
    if (session->messages.rejected == total) {
        return "REFUSED";
    }
    return session->messages.incomplete == total ? "INCOMPLETE" : "NOT ACCEPTED";
}

/* "the client gave up, expect a duplicate (45.0 s)": the session ended well for the server alone.
 */
static void
append_late(Verdict *verdict, const SsTold *told)
{
    verdict->ink = SS_INK_WARN;
    g_string_append(verdict->fate, "ACCEPTED TOO LATE");
    g_string_append(verdict->about, "client gave up, expect a duplicate (");
    ss_words_duration(verdict->about, told->late_wait_ns);
    g_string_append_c(verdict->about, ')');
}

/* Several messages: what became of all, or the counts of each fate. */
static void
judge_messages(Verdict *verdict, const SsTold *told, const SsEventSession *session, uint64_t total)
{
    const char *fate = common_fate(told, session, total, &verdict->ink);
    bool is_mixed = g_str_has_prefix(fate, "NOT ");
    GString *about = verdict->about;

    if (told->n_late && session->messages.accepted == total) {
        append_late(verdict, told);
        g_string_append(verdict->fate, ", ");
        ss_words_count(verdict->fate, told->n_late);
        g_string_append(verdict->fate, " of ");
        ss_words_counted(verdict->fate, total, "message", "messages");
        return;
    }
    g_string_append(verdict->fate, fate);
    if (session->messages.accepted == total && told->n_partly) {
        g_string_append(verdict->fate, ", ");
        ss_words_count(verdict->fate, told->n_partly);
        g_string_append(verdict->fate, " of ");
        ss_words_counted(verdict->fate, total, "message", "messages");
        return;
    }
    ss_words_counted(about, total, "message", "messages");
    if (is_mixed) {
        append_part(about, session->messages.accepted, "accepted");
        append_part(about, told->n_partly, "of them not for all");
        append_part(about, told->n_late, "of them TOO LATE (expect a duplicate)");
        append_part(about, session->messages.rejected, "refused");
        append_part(about, session->messages.deferred, "deferred");
        append_part(about, session->messages.incomplete, "incomplete");
        append_part(about, session->messages.unknown, "unknown");
    }
}

/* Why messages were refused, or recipients of them. */
static void
append_why(GString *about, const SsTold *told)
{
    if (!told->why) {
        return;
    }
    g_string_append(about, about->len ? "; " : "");
    if (told->reasons->len > 1) {
        g_string_append_printf(about, "for %u reasons, the first: ", told->reasons->len);
    }
    g_string_append(about, told->why);
}

/* What kept a message from getting through, where no reply says so. */
static void
append_cause(GString *about, const SsTold *told)
{
    if (ss_verdict_has_finding(told, SS_SLICE("tcp.path-mtu"))) {
        g_string_append(about, "large packets do not get through");
    } else if (told->unanswered) {
        g_string_append(about, told->unanswered);
    }
}

static void
judge_message(Verdict *verdict, const SsTold *told, const SsEventSession *session)
{
    GString *fate = verdict->fate;

    verdict->ink = SS_INK_WARN;
    if (told->n_late) {
        append_late(verdict, told);
    } else if (session->messages.accepted && told->n_partly) {
        g_string_append(fate, "PARTLY REFUSED, ");
        ss_words_count(fate, told->n_refused);
        g_string_append(fate, " of ");
        ss_words_count(fate, told->n_recipients);
    } else if (session->messages.accepted) {
        verdict->ink = SS_INK_GOOD;
        g_string_append(fate, "accepted");
    } else if (session->messages.rejected) {
        verdict->ink = SS_INK_BAD;
        g_string_append(fate, "REFUSED");
    } else if (session->messages.deferred) {
        g_string_append(fate, "DEFERRED");
    } else if (session->messages.incomplete) {
        verdict->ink = SS_INK_BAD;
        g_string_append(fate, "INCOMPLETE");
        if (told->unfinished && !told->unanswered) {
            g_string_append_printf(fate, ", %s", told->unfinished);
        }
    } else {
        g_string_append(fate, ss_judge_is_unheard(&session->server, &session->client)
                                  ? "UNKNOWN"
                                  : "UNKNOWN, reply not captured");
    }
    if (session->messages.accepted == 0) {
        append_cause(verdict->about, told);
    }
    verdict->is_about_message = !(verdict->about->len || session->messages.rejected ||
                                  session->messages.deferred || told->n_partly);
}

/* Nobody's words were captured. */
static void
judge_silence(Verdict *verdict, const SsTold *told, const SsEventSession *session)
{
    uint64_t missing = MAX(told->missing_bytes[SS_CLIENT], session->client.missing_bytes) +
                       MAX(told->missing_bytes[SS_SERVER], session->server.missing_bytes);
    bool is_connected = told->is_connected || session->timing.connect_ns != SS_TIME_NONE;
    bool is_syn_only = session->from_start && !is_connected;
    bool is_reset = g_strcmp0(told->end_reason, "reset") == 0 || session->state == SS_STATE_RESET;
    GString *about = verdict->about;

    verdict->ink = SS_INK_BAD;
    if (missing) {
        g_string_append(verdict->fate, "NOTHING READABLE");
        ss_words_counted(about, missing, "byte", "bytes");
        g_string_append(about, " not captured (lost, or cut by the snap length)");
    } else if (is_syn_only && is_reset && session->server.packets) {
        g_string_append(verdict->fate, "REFUSED CONNECTION");
        g_string_append(about, "answered by a reset (nothing listens there?)");
    } else if (is_syn_only && session->server.packets == 0) {
        g_string_append(verdict->fate, "NO ANSWER");
        g_string_append(about, "the server did not answer ");
        ss_words_counted(about, session->client.packets, "SYN", "SYNs");
        g_string_append(about, " (down, or a firewall drops them)");
    } else {
        g_string_append(verdict->fate, "NO DIALOGUE");
        g_string_append(about, is_reset ? "connected, then reset without a word"
                               : session->state == SS_STATE_CLOSED
                                   ? "connected, then closed without a word"
                               : session->from_start ? "connected, then silence"
                                                     : "not a word in what was captured");
    }
}

/* What the server's replies alone tell. */
static void
judge_replies(Verdict *verdict, const SsTold *told)
{
    static const char *const fates[6] = {
        [2] = "the server took ", [4] = "the server put off ", [5] = "the server refused "};

    for (size_t i = 0; i < G_N_ELEMENTS(fates); i++) {
        if (fates[i] && told->n_answers[i]) {
            g_string_append(verdict->about, verdict->about->len ? ", " : "");
            g_string_append(verdict->about, fates[i]);
            if (told->n_answers[i] == 1) {
                g_string_append(verdict->about, "a message");
            } else {
                ss_words_counted(verdict->about, told->n_answers[i], "message", "messages");
            }
        }
    }
}

bool
ss_judge_has_no_handshake(const SsTold *told, const SsEventSession *session)
{
    return session->state == SS_STATE_ENCRYPTED && told->is_connected &&
           session->timing.tls_ns == SS_TIME_NONE && session->client.missing_bytes == 0 &&
           session->server.missing_bytes == 0 && session->client.packets &&
           session->server.packets &&
           (g_strcmp0(told->end_reason, "fin") == 0 || g_strcmp0(told->end_reason, "reset") == 0);
}

static void
judge_no_message(Verdict *verdict, const SsTimeline *self, const SsTold *told,
                 const SsEventSession *session)
{
    GString *fate = verdict->fate;

    verdict->ink = SS_INK_PLAIN;
    if (session->state == SS_STATE_NOT_SMTP) {
        if (session->protocol.len) {
            ss_words_append(fate, self->host, session->protocol, 32);
            g_string_append(fate, ", ");
        }
        g_string_append(fate, "not SMTP");
    } else if (told->tls_alert) {
        verdict->ink = SS_INK_BAD;
        g_string_append(fate, "NO MAIL, TLS NOT ESTABLISHED");
        g_string_append(verdict->about, told->tls_alert);
    } else if (ss_judge_has_no_handshake(told, session)) {
        verdict->ink = SS_INK_BAD;
        g_string_append(fate, "NO MAIL, TLS NOT ESTABLISHED");
        g_string_append_printf(verdict->about, "the %s broke its handshake off",
                               told->end_by == SS_CLIENT ? "client" : "server");
    } else if (session->state == SS_STATE_ENCRYPTED || told->is_unread) {
        g_string_append(fate, "encrypted");
        g_string_append(verdict->about, "whether mail got through cannot be seen");
    } else if (session->client.bytes == 0 && session->server.bytes == 0) {
        judge_silence(verdict, told, session);
    } else if (told->turned_away) {
        verdict->ink = SS_INK_BAD;
        g_string_append(fate, "TURNED AWAY");
        g_string_append(verdict->about, told->turned_away);
    } else if (told->tls_refused) {
        verdict->ink = SS_INK_BAD;
        g_string_append(fate, "NO MAIL, STARTTLS REFUSED");
        g_string_append(verdict->about, told->tls_refused);
    } else if (ss_judge_is_unheard(&session->client, &session->server)) {
        verdict->ink = SS_INK_WARN;
        g_string_append(fate, "client's side not captured");
        judge_replies(verdict, told);
    } else if (told->n_logins_refused && told->n_logins == 0) {
        verdict->ink = SS_INK_BAD;
        g_string_append(fate, "LOGIN REFUSED");
        g_string_append(verdict->about, told->login_why ? told->login_why : "");
    } else {
        g_string_append(fate, told->n_logins ? "no mail, only a login" : "no mail");
        if (told->unanswered) {
            verdict->ink = SS_INK_BAD;
            g_string_append(verdict->about, told->unanswered);
        }
    }
}

static void
append_wrong(GString *fate, const SsTold *told, const SsEventSession *session)
{
    if (told->n_high) {
        g_string_append(fate, ", ");
        ss_words_count(fate, told->n_high);
        g_string_append(fate, " HIGH");
    }
    if (ss_judge_is_unheard(&session->server, &session->client)) {
        g_string_append(fate, ", server's side not captured");
    } else if ((told->missing_bytes[0] || told->missing_bytes[1] || told->has_resync) &&
               (session->client.bytes || session->server.bytes)) {
        bool is_lost = !told->has_resync && told->lost_bytes[0] == told->missing_bytes[0] &&
                       told->lost_bytes[1] == told->missing_bytes[1];
        g_string_append(fate, is_lost ? ", bytes lost on the way" : ", not all captured");
    }
}

static Verdict
judge(const SsTimeline *self, const SsTold *told, const SsEventSession *session)
{
    uint64_t total = session->messages.accepted + session->messages.rejected +
                     session->messages.deferred + session->messages.incomplete +
                     session->messages.unknown;
    Verdict verdict = {g_string_new(NULL), g_string_new(NULL), false, SS_INK_PLAIN};

    if (total == 0) {
        judge_no_message(&verdict, self, told, session);
    } else {
        if (total == 1) {
            judge_message(&verdict, told, session);
        } else {
            judge_messages(&verdict, told, session, total);
        }
        append_why(verdict.about, told);
    }
    append_wrong(verdict.fate, told, session);
    return verdict;
}

/* "alice@a.example → bob@b.example and 2 more", long addresses without their middle. */
static char *
envelope_in(const SsTold *told, size_t cells)
{
    size_t from_cells = ss_page_cells(told->from),
           to_cells = told->to ? ss_page_cells(told->to) : 0;
    g_autoptr(GString) more = g_string_new(NULL);
    size_t fixed, room, half;
    g_autofree char *from = NULL;
    g_autofree char *to = NULL;

    if (!told->to) {
        return ss_page_shorten(told->from, cells, cells / 2);
    }
    if (told->n_to_more) {
        g_string_append(more, " and ");
        ss_words_count(more, told->n_to_more);
        g_string_append(more, " more");
    }
    fixed = 3 + more->len;
    room = MAX(cells, fixed + 2 * ADDRESS_CELLS_MIN) - fixed;
    half = room / 2;
    if (from_cells < half) {
        to_cells = MIN(to_cells, room - from_cells);
    } else if (to_cells < half) {
        from_cells = MIN(from_cells, room - to_cells);
    } else if (from_cells + to_cells > room) {
        from_cells = to_cells = half;
    }
    from = ss_page_shorten(told->from, from_cells, from_cells / 2);
    to = ss_page_shorten(told->to, to_cells, to_cells / 2);
    return g_strdup_printf("%s → %s%s", from, to, more->str);
}

/* The code at a reason's end, which stays where the reason is shortened. */
static size_t
code_cells(const char *about)
{
    const char *code = g_str_has_suffix(about, ")") ? strrchr(about, '(') : NULL;
    size_t cells = code ? ss_page_cells(code) + 1 : 0;

    return cells <= ABOUT_CELLS_MIN ? cells : 0;
}

static void
put_verdict(SsPage *page, const SsTold *told, const Verdict *verdict, const char *protection)
{
    g_autoptr(GString) text = g_string_new(verdict->fate->str);
    size_t room = page->width - page->column, fate_cells = ss_page_cells(text->str);
    size_t reserve = protection ? ss_page_cells(protection) + 2 : 0;
    bool has_about = verdict->is_about_message ? told->from != NULL : verdict->about->len > 0;
    size_t least = fate_cells + (has_about ? 2 + ABOUT_CELLS_MIN : 0);
    g_autofree char *about = NULL;
    g_autofree char *line = NULL;

    if (least + reserve > room) {
        protection = NULL;
        reserve = 0;
    }
    room -= reserve;
    if (has_about && fate_cells + 2 < room) {
        size_t cells = room - fate_cells - 2;
        about = verdict->is_about_message
                    ? envelope_in(told, cells)
                    : ss_page_shorten(verdict->about->str, cells, code_cells(verdict->about->str));
        g_string_append_printf(text, ": %s", about);
    }
    line = ss_page_shorten(text->str, room, 0);
    ss_page_wrap(page, verdict->ink, line, LABEL_COLUMN, SS_INK_PLAIN, protection);
}

bool
ss_verdict_is_plain(SsTimeline *self, const SsTold *told, const SsEventSession *session)
{
    Verdict verdict = judge(self, told, session);
    uint64_t missing = told->missing_bytes[0] + told->missing_bytes[1];

    g_string_free(verdict.fate, TRUE);
    g_string_free(verdict.about, TRUE);
    return (verdict.ink == SS_INK_GOOD || verdict.ink == SS_INK_PLAIN) && told->n_high == 0 &&
           missing == 0 && !told->has_resync;
}

void
ss_judge_put(const SsTimeline *self, SsPage *page, const SsTold *told,
             const SsEventSession *session, const char *protection)
{
    Verdict verdict = judge(self, told, session);

    put_verdict(page, told, &verdict, protection);
    g_string_free(verdict.fate, TRUE);
    g_string_free(verdict.about, TRUE);
}
