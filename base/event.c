/*
 * What can be done with any event by its table.
 */
#include "base/event.h"

static void copy_fields(SsArena *arena, const SsField *fields, void *body);

static void
copy_list(SsArena *arena, SsList *list, size_t size)
{
    void *items;

    if (list->n == 0) {
        list->items = NULL;
        return;
    }
    items = ss_arena_alloc(arena, list->n * size);
    memcpy(items, list->items, list->n * size);
    list->items = items;
}

static void *
copy_struct(SsArena *arena, const void *from, size_t size, const SsField *fields)
{
    void *to = ss_arena_alloc(arena, size ? size : 1);

    if (size) {
        memcpy(to, from, size);
    }
    copy_fields(arena, fields, to);
    return to;
}

static void
copy_field(SsArena *arena, const SsField *field, uint8_t *at)
{
    SsList *list = (void *)at;

    switch (field->kind) {
    case SS_FIELD_TEXT: {
        SsSlice *text = (void *)at;
        *text = ss_arena_dup(arena, *text);
        break;
    }
    case SS_FIELD_OBJECT:
        copy_fields(arena, field->fields, at);
        break;
    case SS_FIELD_POINTER: {
        void **pointer = (void *)at;
        if (*pointer) {
            *pointer = copy_struct(arena, *pointer, field->size, field->fields);
        }
        break;
    }
    case SS_FIELD_LIST:
        copy_list(arena, list, field->size);
        for (size_t i = 0; i < list->n; i++) {
            copy_fields(arena, field->fields, (uint8_t *)list->items + i * field->size);
        }
        break;
    case SS_FIELD_TEXTS:
        copy_list(arena, list, sizeof(SsSlice));
        for (size_t i = 0; i < list->n; i++) {
            SsSlice *texts = list->items;
            texts[i] = ss_arena_dup(arena, texts[i]);
        }
        break;
    case SS_FIELD_MAP:
        copy_list(arena, list, sizeof(SsPair));
        for (size_t i = 0; i < list->n; i++) {
            SsPair *pairs = list->items;
            pairs[i].key = ss_arena_dup(arena, pairs[i].key);
            pairs[i].value = ss_arena_dup(arena, pairs[i].value);
        }
        break;
    case SS_FIELD_TALLY:
        copy_list(arena, list, sizeof(SsTally));
        for (size_t i = 0; i < list->n; i++) {
            SsTally *tallies = list->items;
            tallies[i].key = ss_arena_dup(arena, tallies[i].key);
        }
        break;
    case SS_FIELD_COUNTS:
        copy_list(arena, list, sizeof(uint64_t));
        break;
    case SS_FIELD_DETAIL: {
        SsDetail *detail = (void *)at;
        if (detail->value) {
            detail->value = copy_struct(arena, detail->value, detail->size, detail->fields);
        }
        break;
    }
    default:
        break; /* plain values came with the struct */
    }
}

static void
copy_fields(SsArena *arena, const SsField *fields, void *body)
{
    for (const SsField *field = fields; field->name; field++) {
        copy_field(arena, field, (uint8_t *)body + field->offset);
    }
}

SsEvent *
ss_event_copy(SsArena *arena, const SsEvent *event)
{
    SsEvent *copy = ss_arena_alloc(arena, sizeof *copy);

    *copy = *event;
    copy_fields(arena, ss_event_fields(event->type), &copy->session_end);
    return copy;
}

void *
ss_list_append(SsArena *arena, SsList *list, const void *item, size_t size, size_t max)
{
    uint8_t *slot;

    list->total++;
    if (list->n >= max) {
        return NULL;
    }
    /* Room doubles at the powers of two, so that appending is linear. */
    if ((list->n & (list->n - 1)) == 0) {
        void *items = ss_arena_alloc(arena, (list->n ? 2 * list->n : 1) * size);
        if (list->n) {
            memcpy(items, list->items, list->n * size);
        }
        list->items = items;
    }
    slot = (uint8_t *)list->items + list->n * size;
    memcpy(slot, item, size);
    list->n++;
    return slot;
}
