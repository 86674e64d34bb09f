/*
 * The lines of a session's conversation: kept until its verdict is known, or written live. Of a
 * session that is too long the first and the last are kept.
 */
#include "plugins/timeline/timeline.h"

bool
ss_lines_is_crowded(const SsTimeline *self)
{
    return self->kept > SS_TOLD_ALL_MAX;
}

static void
drop_line(SsTimeline *self, SsTold *told, GQueue *queue, size_t *size)
{
    SsLine *line = g_queue_pop_head(queue);

    *size -= line->size;
    self->kept -= line->size;
    told->left_out++;
    if (line == told->doubted_line) {
        told->doubted_line = NULL;
    }
    if (line == told->early_line) {
        told->early_line = NULL;
    }
    if (line == told->chunks.sent || line == told->chunks.got) {
        ss_dialogue_end_chunks(told);
    }
    ss_line_free(line);
}

static void
keep_line(SsTimeline *self, SsTold *told, SsLine *line)
{
    size_t max = ss_lines_is_crowded(self) ? SS_TOLD_MAX_CROWDED : SS_TOLD_MAX;

    self->kept += line->size;
    if (told->tail.length == 0 && told->left_out == 0 && told->head_size + line->size <= max / 2) {
        told->head_size += line->size;
        g_queue_push_tail(&told->head, line);
        return;
    }
    told->tail_size += line->size;
    g_queue_push_tail(&told->tail, line);
    while (told->tail_size > max / 2 && told->tail.length > 1) {
        drop_line(self, told, &told->tail, &told->tail_size);
    }
}

void
ss_lines_add_before(SsTimeline *self, SsTold *told, SsLine *line, const SsLine *place)
{
    GList *link = g_queue_find(&told->head, place);
    bool is_in_head = link != NULL;

    if (!link) {
        link = g_queue_find(&told->tail, place);
    }
    if (self->is_quiet) {
        ss_line_free(line);
        return;
    }
    if (!place || !link) {
        keep_line(self, told, line);
        return;
    }
    self->kept += line->size;
    *(is_in_head ? &told->head_size : &told->tail_size) += line->size;
    g_queue_insert_before(is_in_head ? &told->head : &told->tail, link, line);
}

bool
ss_lines_write(SsTimeline *self, const SsTold *told, const SsLine *line)
{
    SsPage page = ss_timeline_page(self);
    g_autofree char *number = g_strdup_printf("#%" PRIu64 " ", told->number);

    if (self->has_written) { /* a block came before */
        ss_page_end_line(&page);
        self->has_written = false;
    }
    ss_page_put(&page, SS_INK_STRONG, number);
    if (self->format == SS_FORMAT_TRANSCRIPT) {
        ss_transcript_put(&page, line);
    } else {
        ss_dialogue_put(&page, line, told->first_ns, 4);
    }
    return ss_timeline_write(self, &page);
}

bool
ss_lines_add(SsTimeline *self, SsTold *told, SsLine *line)
{
    bool ok = true;

    if (self->is_quiet) {
        ss_line_free(line);
    } else if (self->is_live) {
        line->is_together = false; /* lines of other sessions may stand between */
        ok = ss_lines_write(self, told, line);
        ss_line_free(line);
    } else {
        keep_line(self, told, line);
        told->last_line = line;
    }
    return ok;
}

static void
forget_lines(SsTimeline *self, GQueue *queue)
{
    SsLine *line;

    while ((line = g_queue_pop_head(queue))) {
        self->kept -= line->size;
        ss_line_free(line);
    }
}

void
ss_lines_clear(SsTimeline *self, SsTold *told)
{
    forget_lines(self, &told->head);
    forget_lines(self, &told->tail);
}

void
ss_lines_put(SsPage *page, const SsTold *told, int64_t start_ns)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (told->head.length == 0) {
        return;
    }
    ss_page_end_line(page);
    for (const GList *link = told->head.head; link; link = link->next) {
        ss_dialogue_put(page, link->data, start_ns, 0);
    }
    if (told->left_out) {
        g_string_append(text, "… ");
        ss_words_counted(text, told->left_out, "line", "lines");
        g_string_append(text, " left out …");
        ss_page_pad(page, 13);
        ss_page_wrap(page, SS_INK_WARN, text->str, 13, SS_INK_PLAIN, NULL);
    }
    for (const GList *link = told->tail.head; link; link = link->next) {
        ss_dialogue_put(page, link->data, start_ns, 0);
    }
}
