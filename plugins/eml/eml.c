/*
 * Messages as files: the bytes that crossed the wire, transparency undone, and nothing else.
 *
 * They are written as they come, under a temporary name; the file gets its final one when the
 * message's event tells how it ended. So nothing of a message is held, and a file with a name is
 * never changed again.
 */
#include <glib.h>
#include <inttypes.h>

#include "base/plugin.h"

typedef struct {
    SsFolder *folder;
} Eml;

typedef struct {
    const SsHost *host;
    SsPartFile *part; /* made with the first byte, or at the end of an empty message */
    bool has_gap;
    bool is_whole;
} Mail;

static const SsOption eml_options[] = {
    {.key = "overwrite",
     .type = SS_OPTION_FLAG,
     .fallback = "no",
     .help = "replace files that are there with other bytes"},
    {.key = NULL},
};

static void *
eml_open(const SsHost *host, char *err, size_t errlen)
{
    bool overwrite = host->option_flag(host, "overwrite");
    SsFolder *folder = host->folder_open(host, host->dest, overwrite, err, errlen);
    Eml *eml;

    if (!folder) {
        return NULL;
    }
    eml = g_new0(Eml, 1);
    eml->folder = folder;
    return eml;
}

static bool
eml_content(void *self, void **message, const SsHost *host, const SsChunk *chunk)
{
    const Eml *eml = self;
    Mail *mail = *message;

    if (!mail) {
        mail = g_new0(Mail, 1);
        mail->host = host;
        *message = mail;
    }
    if (chunk->kind == SS_CHUNK_GAP) {
        mail->has_gap = true;
        return true;
    }
    if (chunk->kind == SS_CHUNK_END) {
        mail->is_whole = chunk->whole && !mail->has_gap;
    }
    if (!mail->part && (chunk->kind == SS_CHUNK_DATA || mail->is_whole)) {
        mail->part = host->part_open(host, eml->folder);
        if (!mail->part) {
            return false;
        }
    }
    return chunk->kind == SS_CHUNK_END ||
           host->part_write(host, mail->part, chunk->bytes.data, chunk->bytes.len);
}

static bool
eml_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Mail *mail = host->message_state(host, event);
    char name[64];

    (void)self;
    (void)session;
    if (!mail || !mail->part) {
        return true;
    }
    g_snprintf(name, sizeof name, "%016" PRIx64 "-%" PRIu64 "%s.eml", event->uid,
               event->message.index, mail->is_whole ? "" : ".partial");
    /* A name that is taken does not keep the other messages from being written. */
    host->part_finish(host, g_steal_pointer(&mail->part), name);
    return true;
}

static void
eml_message_free(void *self, void *message)
{
    Mail *mail = message;

    (void)self;
    if (mail->part) {
        mail->host->part_finish(mail->host, mail->part, NULL);
    }
    g_free(mail);
}

static bool
eml_close(void *self, const SsHost *host)
{
    Eml *eml = self;

    host->folder_close(host, eml->folder);
    g_free(eml);
    return true;
}

const SsPlugin ss_plugin_eml = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "eml",
    .summary = "one file a message, the exact bytes that crossed the wire",
    .options = eml_options,
    .wants = SS_WANT(SS_EVENT_MESSAGE),
    .needs = SS_NEED_CONTENT,
    .open = eml_open,
    .event = eml_event,
    .content = eml_content,
    .close = eml_close,
    .message_free = eml_message_free,
    .dest = SS_DEST_FOLDER,
};
