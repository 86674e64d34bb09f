/*
 * Whom a session waits for, told live while the wait lasts: the commands that have no reply yet, in
 * order, and whether the content or its answer is due.
 */
#include "plugins/timeline/timeline.h"

void
ss_wait_begin(SsTold *told, SsSlice verb)
{
    if (!told->awaited) {
        told->awaited = g_malloc0(SS_AWAITED_MAX * sizeof *told->awaited);
    }
    if (told->n_awaited < SS_AWAITED_MAX) {
        char *slot = told->awaited[told->n_awaited];
        size_t len = MIN(verb.len, SS_AWAITED_LEN - 1);
        for (size_t i = 0; i < len; i++) {
            bool is_plain = verb.data[i] > ' ' && verb.data[i] < 0x7f;
            slot[i] = is_plain ? (char)verb.data[i] : '?';
        }
        slot[len] = '\0';
    }
    told->n_awaited++;
}

void
ss_wait_end(SsTold *told, SsSlice to)
{
    if (ss_slice_eq(to, SS_SLICE("banner"))) {
        return;
    }
    if (ss_slice_eq(to, SS_SLICE("data"))) {
        told->awaits_answer = false;
        if (told->n_awaited == 0 || strcmp(told->awaited[0], "BDAT") != 0) {
            return;
        }
    }
    if (told->n_awaited) {
        told->n_awaited--;
        memmove(told->awaited[0], told->awaited[1], (SS_AWAITED_MAX - 1) * sizeof *told->awaited);
        if (told->n_awaited >= SS_AWAITED_MAX) {
            g_strlcpy(told->awaited[SS_AWAITED_MAX - 1], "a command", SS_AWAITED_LEN);
        }
    }
}

char *
ss_wait_text(const SsTold *told)
{
    if (told->is_encrypted && !told->has_dialogue) {
        return NULL;
    }
    if (!told->has_banner) {
        return g_strdup("the server's banner");
    }
    if (told->in_content) {
        return g_strdup("the end of the content");
    }
    if (told->awaits_answer) {
        return g_strdup("the reply to the content (end of DATA)");
    }
    if (told->n_awaited) {
        return g_strdup_printf("the reply to %s", told->awaited[0]);
    }
    return g_strdup("the client's next command");
}
