/*
 * What a session keeps: its names, what few sessions need, and what all of it costs.
 */
#include "dissect/smtp/session.h"

#define NAME_MAX_LEN 1024

/* --- names --- */

void
ss_smtp_set_client_name(SsSmtp *smtp, SsSlice name)
{
    uint16_t len = (uint16_t)MIN(name.len, NAME_MAX_LEN);

    g_free(smtp->client_name);
    smtp->client_name = g_malloc(sizeof *smtp->client_name + len);
    smtp->client_name->len = len;
    if (len) {
        memcpy(smtp->client_name->bytes, name.data, len);
    }
}

void
ss_smtp_set_server_names(SsSmtp *smtp, SsSlice name, SsSlice software)
{
    SsSlice names[] = {
        [SS_SAYS_NAME] = ss_slice_sub(name, 0, NAME_MAX_LEN),
        [SS_SAYS_SOFTWARE] = ss_slice_sub(software, 0, NAME_MAX_LEN),
    };

    ss_shared_set(&smtp->factory->shared, &smtp->server_says, names, G_N_ELEMENTS(names),
                  G_N_ELEMENTS(names), smtp->connection->memory);
}

/* --- what few sessions need --- */

SsSmtpExtra *
ss_smtp_extra(SsSmtp *smtp)
{
    if (!smtp->extra) {
        smtp->extra = g_new0(SsSmtpExtra, 1);
    }
    return smtp->extra;
}

static void
extra_free(SsSmtp *smtp)
{
    SsSmtpExtra *extra = g_steal_pointer(&smtp->extra);

    if (extra) {
        g_free((void *)extra->masked.data);
        ss_forwarded_free(extra->forwarded);
        g_free(extra->quota);
        ss_hidden_free(extra->hidden);
        ss_prelude_clear(smtp, extra);
        g_free(extra);
    }
}

void
ss_smtp_extra_trim(SsSmtp *smtp)
{
    const SsSmtpExtra *extra = smtp->extra;

    if (extra && !extra->connected.frame && !extra->early.frame &&
        ss_slice_is_null(extra->masked) && !extra->prelude && !extra->proxied && !extra->tunnel &&
        !extra->quota && !extra->forwarded && !extra->n_first[0] && !extra->n_first[1] &&
        !extra->not_opened && !extra->hidden && !extra->behind[0] && !extra->behind[1] &&
        !ss_smtp_wants(smtp, SS_EVENT_SPAN)) {
        extra_free(smtp);
    }
}

void
ss_smtp_add_masked(SsSmtp *smtp, SsSlice line)
{
    SsSmtpExtra *extra = ss_smtp_extra(smtp);
    size_t before = extra->masked.len, at = before ? before + 1 : 0;
    size_t len = MIN(line.len, SS_MASKED_MAX - MIN(at, SS_MASKED_MAX));
    uint8_t *lines;

    if (!len) {
        return;
    }
    lines = g_realloc((void *)extra->masked.data, at + len);
    if (before) {
        lines[before] = '\n';
    }
    memcpy(lines + at, line.data, len);
    extra->masked = ss_slice(lines, at + len);
}

SsSlice
ss_smtp_last_masked(const SsSmtp *smtp)
{
    SsSlice lines = smtp->extra->masked;
    size_t at = lines.len;

    while (at > 0 && lines.data[at - 1] != '\n') {
        at--;
    }
    return ss_slice_from(lines, at);
}

void
ss_smtp_forget_masked(SsSmtp *smtp)
{
    if (smtp->extra) {
        g_free((void *)smtp->extra->masked.data);
        smtp->extra->masked = SS_SLICE_NULL;
        ss_smtp_extra_trim(smtp);
    }
}

void
ss_smtp_forget(SsSmtp *smtp)
{
    SsSharedTable *shared = &smtp->factory->shared;

    ss_shared_drop(shared, &smtp->server_says, smtp->connection->memory);
    ss_shared_drop(shared, &smtp->extensions, smtp->connection->memory);
    g_clear_pointer(&smtp->client_name, g_free);
    g_clear_pointer(&smtp->mail, g_free);
    extra_free(smtp);
}

/* --- the accountant --- */

#define BLOCK_SIZE 16 /* of each the allocator's own */

static uint64_t
size_of_hold(const SsHold *hold)
{
    return ss_hold_size(hold) +
           ss_hold_pieces(hold) * (SS_HOLD_PIECE_SIZE + sizeof(GList) + 2 * BLOCK_SIZE);
}

static uint64_t
size_of_line(const SsLineBuffer *line)
{
    return line->start ? SS_LINE_START_SIZE + ss_line_begun(line).len : 0;
}

static uint64_t
size_of_transaction(const SsTransaction *transaction)
{
    return sizeof *transaction + BLOCK_SIZE + transaction->arena.size +
           transaction->last_arena.size + transaction->data_arena.size +
           ss_watch_size(&transaction->watch);
}

void
ss_smtp_charge(SsSmtp *smtp)
{
    const SsReplyBegun *begun = smtp->server.begun;
    const SsAuth *auth = smtp->auth;
    const SsSmtpExtra *extra = smtp->extra;
    const SsPrelude *prelude = extra ? extra->prelude : NULL;
    uint64_t size = sizeof *smtp + BLOCK_SIZE + size_of_hold(&smtp->client.hold) +
                    size_of_hold(&smtp->server.hold) + size_of_line(&smtp->client.line) +
                    size_of_line(&smtp->server.line) +
                    smtp->n_pending * (sizeof(SsPending) + BLOCK_SIZE);

    size += begun ? sizeof *begun + begun->arena.size : 0;
    size += smtp->client_name ? sizeof *smtp->client_name + smtp->client_name->len + BLOCK_SIZE : 0;
    size += smtp->mail ? sizeof *smtp->mail + BLOCK_SIZE : 0;
    size += smtp->tls ? SS_TLS_SIZE + BLOCK_SIZE : 0;
    size += auth ? sizeof *auth + auth->arena.size : 0;
    if (extra) {
        size += sizeof *extra + BLOCK_SIZE + extra->masked.len;
        size += extra->quota ? sizeof *extra->quota + BLOCK_SIZE : 0;
        size += ss_forwarded_size(extra->forwarded);
        size += ss_hidden_size(extra->hidden);
    }
    size += prelude ? sizeof *prelude + size_of_hold(&prelude->held[0]) +
                          size_of_hold(&prelude->held[1])
                    : 0;
    for (SsTransaction *each = smtp->transactions.head; each; each = each->next) {
        size += size_of_transaction(each);
    }
    if (smtp->connection->memory) {
        size = MIN(size, UINT32_MAX);
        *smtp->connection->memory += size - smtp->charged; /* which may wrap, and back */
        smtp->charged = (uint32_t)size;
    }
}
