/*
 * What TCP has to say of a session: two readings of the same bytes, odd packets, resets, and what
 * the session's event tells of them.
 *
 * A reading of a conflict may be of any bytes: ones that were read long ago, ones that wait, ones
 * that never count and so are read by nobody. What is shown of it is therefore decided by where it
 * lies, not by what is being read now; where that does not tell, it is left out.
 */
#include "dissect/smtp/session.h"

/* --- what may be shown --- */

static uint64_t
given_up_to(const SsSmtp *smtp, SsDirection direction)
{
    const SsConnectionEnd *end = &smtp->connection->half[ss_smtp_turned(smtp, direction)];

    return end->bytes + end->missing_bytes;
}

void
ss_tcp_note_secret(SsSmtp *smtp, SsDirection direction)
{
    smtp->secret_to[direction] = given_up_to(smtp, direction);
}

/* A login may be going on, or its rest may come. */
static bool
is_login_near(const SsSmtp *smtp)
{
    return smtp->auth || smtp->is_login_broken ||
           (smtp->extra && !ss_slice_is_null(smtp->extra->masked)) ||
           smtp->client.mode == SS_CLIENT_AUTH;
}

/* AUTH, PASS, LOGIN as a command has it: with a mechanism or a password behind it, or cut off
 * there. */
static bool
has_login_verb(SsSlice text)
{
    static const SsSlice verbs[] = {SS_SLICE_INIT("AUTH"), SS_SLICE_INIT("PASS"),
                                    SS_SLICE_INIT("LOGIN")};

    for (size_t i = 0; i < text.len; i++) {
        SsSlice rest = ss_slice_from(text, i);
        for (size_t j = 0; j < G_N_ELEMENTS(verbs); j++) {
            SsSlice behind = ss_slice_from(rest, verbs[j].len);
            if (ss_slice_starts_nocase(rest, verbs[j]) &&
                (!behind.len || ss_ascii_is_blank(behind.data[0]) || behind.data[0] == '=')) {
                return true;
            }
        }
    }
    return false;
}

static bool
is_base64(uint8_t c)
{
    return ss_ascii_is_alpha(c) || ss_ascii_is_digit(c) || c == '+' || c == '/' || c == '=';
}

/* A word that could be a step of a login: base64 is seldom of one case. */
static bool
has_step(SsSlice text)
{
    for (size_t from = 0; from < text.len;) {
        bool has_upper = false, has_lower = false;
        size_t end = from;

        while (end < text.len && is_base64(text.data[end])) {
            has_upper = has_upper || (text.data[end] >= 'A' && text.data[end] <= 'Z');
            has_lower = has_lower || (text.data[end] >= 'a' && text.data[end] <= 'z');
            end++;
        }
        if (end - from >= 8 && has_upper && has_lower) {
            return true;
        }
        from = end + 1;
    }
    return false;
}

/* A reading that never counted is read by no parser: what it would be is told by its words only. */
static bool
looks_like_login(SsSlice text, bool in_content)
{
    return has_login_verb(text) || (!in_content && has_step(text));
}

/* Up to where the lines of a direction have been read and are known for what they are. */
static uint64_t
settled_up_to(const SsSmtp *smtp, SsDirection direction)
{
    const SsLineBuffer *line = direction == SS_CLIENT ? &smtp->client.line : &smtp->server.line;
    const SsHold *hold = direction == SS_CLIENT ? &smtp->client.hold : &smtp->server.hold;
    uint64_t open = ss_line_size(line);
    uint64_t given = given_up_to(smtp, direction);

    if (!ss_hold_is_empty(hold)) {
        return 0; /* they wait to be read, and where they begin is not kept */
    }
    return given > open ? given - open : 0;
}

static bool
is_client_shown(const SsSmtp *smtp, const SsConflict *conflict, uint64_t end)
{
    bool in_content = smtp->client.mode == SS_CLIENT_DATA || smtp->client.mode == SS_CLIENT_BDAT;

    if (looks_like_login(conflict->taken, in_content) ||
        looks_like_login(conflict->other, in_content)) {
        return false;
    }
    return in_content || end <= settled_up_to(smtp, SS_CLIENT);
}

static bool
is_shown(const SsSmtp *smtp, SsDirection direction, const SsConflict *conflict)
{
    uint64_t end = conflict->offset + MAX(conflict->taken.len, conflict->other.len);

    if (smtp->tls) {
        return false; /* ciphertext tells nobody anything */
    }
    if (smtp->factory->options.show_secrets) {
        return true;
    }
    if (conflict->offset < smtp->secret_to[direction] || is_login_near(smtp)) {
        return false;
    }
    return direction == SS_CLIENT ? is_client_shown(smtp, conflict, end)
                                  : end <= settled_up_to(smtp, SS_SERVER);
}

/* --- notes --- */

/* Where it is not known that this is SMTP, and not a port that counts, there is no session yet. */
static bool
is_session(const SsSmtp *smtp)
{
    return smtp->speech == SS_SPEECH_SMTP ||
           (smtp->connection->on_server_port && smtp->speech != SS_SPEECH_OTHER);
}

static SsSlice
link_text(char room[18], const uint8_t link[6])
{
    g_snprintf(room, 18, "%02x:%02x:%02x:%02x:%02x:%02x", link[0], link[1], link[2], link[3],
               link[4], link[5]);
    return ss_slice(room, 17);
}

static size_t
list_remarks(uint64_t remarks, SsSlice names[SS_N_REMARKS])
{
    size_t n = 0;

    for (int i = 0; i < SS_N_REMARKS; i++) {
        if (remarks & SS_REMARKS(i)) {
            names[n++] = ss_slice_str(ss_remark_name(i));
        }
    }
    return n;
}

void
ss_tcp_note_conflict(SsStreamSink *sink, SsDirection from, const SsConflict *conflict)
{
    SsSmtp *smtp = (SsSmtp *)sink;
    SsDirection direction = ss_smtp_turned(smtp, from);
    SsSlice doubts[SS_N_REMARKS];
    SsEventConflict told = {
        .taken_frame = conflict->taken_from.frame,
        .other_frame = conflict->other_from.frame,
        .taken_ttl = conflict->taken_ttl,
        .other_ttl = conflict->other_ttl,
        .is_late = conflict->is_late,
    };
    size_t n_doubts = list_remarks(conflict->doubts, doubts);
    char links[2][18];
    SsEvent event;

    smtp->client.is_contested |= direction == SS_CLIENT;
    if (!is_session(smtp) ||
        !ss_smtp_note_begin(smtp, &event, SS_NOTE_CONFLICT, direction, &conflict->other_from)) {
        return;
    }
    if (is_shown(smtp, direction, conflict)) {
        told.taken = conflict->taken;
        told.other = conflict->other;
    }
    if (conflict->has_links && memcmp(conflict->taken_link, conflict->other_link, 6) != 0) {
        told.taken_link = link_text(links[0], conflict->taken_link);
        told.other_link = link_text(links[1], conflict->other_link);
    }
    told.doubts = (SsList){doubts, n_doubts, n_doubts};
    event.note.offset = conflict->offset;
    event.note.span = conflict->len;
    event.note.conflict = &told;
    ss_smtp_emit(smtp, &event);
}

void
ss_tcp_note_remark(SsStreamSink *sink, SsDirection direction, SsRemark remark,
                   const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;
    SsEvent event;

    if (is_session(smtp) &&
        ss_smtp_note_begin(smtp, &event, SS_NOTE_TCP, ss_smtp_turned(smtp, direction), origin)) {
        event.note.text = ss_slice_str(ss_remark_name((int)remark));
        ss_smtp_emit(smtp, &event);
    }
}

void
ss_tcp_note_reset(SsSmtp *smtp, SsDirection by)
{
    const SsConnection *connection = smtp->connection;
    const SsTcpHealth *health = connection->health;
    SsEvent event;

    if (!ss_smtp_note_begin(smtp, &event, SS_NOTE_RESET, ss_smtp_turned(smtp, by),
                            &connection->last)) {
        return;
    }
    if (health) {
        event.note.span = (uint64_t)MAX(health->idle_ns, 0);
        event.note.ttl[0] = health->half[by].reset_ttl;
        event.note.ttl[1] = connection->half[by].ttl;
    }
    ss_smtp_emit(smtp, &event);
}

/* --- the session's event --- */

static void
fill_trouble(const SsTcpHealth *health, SsTcpTrouble *trouble)
{
    *trouble = (SsTcpTrouble){.idle_ns = health->idle_ns};
    for (int i = 0; i < 2; i++) {
        trouble->end[i].window_closed_ns = health->half[i].closed_ns;
        trouble->end[i].largest_acked = health->half[i].largest_acked;
        trouble->end[i].stuck_bytes = health->half[i].stuck_len;
        trouble->end[i].stuck_times = health->half[i].stuck_times;
        trouble->end[i].stuck_frames[0] = health->half[i].stuck_frames[0];
        trouble->end[i].stuck_frames[1] = health->half[i].stuck_frames[1];
        trouble->end[i].resets = health->half[i].resets;
        trouble->end[i].reset_ttl = health->half[i].reset_ttl;
    }
}

void
ss_tcp_note_session(const SsSmtp *smtp, SsTcpTold *room, SsEventSession *session)
{
    const SsTcpHealth *health = smtp->connection->health;
    size_t n = 0;

    if (!health) {
        return;
    }
    for (int i = 0; i < SS_N_REMARKS; i++) {
        if (health->remarks[i]) {
            room->remarks[n++] = (SsTally){ss_slice_str(ss_remark_name(i)), health->remarks[i]};
        }
    }
    fill_trouble(health, &room->trouble);
    session->remarks = (SsList){room->remarks, n, n};
    session->trouble = &room->trouble;
}
