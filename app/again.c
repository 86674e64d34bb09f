/*
 * A file that is no longer what it was is noticed by its date before and behind the reading, and by
 * what is then missing: a copy that mixes two states of it would be worse than none.
 */
#include "app/again.h"

#include <errno.h>
#include <sys/stat.h>

/* What must be the same the second time. */
typedef struct {
    dev_t device;
    ino_t number;
    off_t size;
    struct timespec changed;
} Identity;

struct SsAgain {
    const SsAppInputs *inputs;
    GArray *identities; /* of Identity */
};

typedef struct {
    SsSource base;
    const SsAgain *again;
    SsSource *source; /* of the file being read; NULL between two */
    guint i;          /* its place in the inputs, or the next one's */
    uint64_t before;  /* bytes of those behind us */
    uint64_t frame;
    SsSecretsFn on_secrets;
    void *user_data;
} AgainSource;

static bool
identify(const char *path, Identity *ret_identity)
{
    struct stat about;

    if (stat(path, &about) != 0) {
        return false;
    }
    *ret_identity = (Identity){about.st_dev, about.st_ino, about.st_size, about.st_mtim};
    return true;
}

static bool
is_same(const Identity *one, const Identity *other)
{
    return one->device == other->device && one->number == other->number &&
           one->size == other->size && one->changed.tv_sec == other->changed.tv_sec &&
           one->changed.tv_nsec == other->changed.tv_nsec;
}

static const SsSource *
input_of(const SsAgain *again, guint i)
{
    return g_array_index(again->inputs->items, SsAppInput, i).source;
}

SsAgain *
ss_again_new(const SsAppInputs *inputs)
{
    g_autoptr(SsAgain) again = g_new0(SsAgain, 1);

    again->inputs = inputs;
    again->identities = g_array_new(FALSE, FALSE, sizeof(Identity));
    for (guint i = 0; i < inputs->items->len; i++) {
        const SsSource *source = input_of(again, i);
        Identity identity;
        /* Only a regular file has a size. */
        if (source->size == SS_COUNT_NONE || g_str_equal(source->name, "-") ||
            !identify(source->name, &identity)) {
            return NULL;
        }
        g_array_append_val(again->identities, identity);
    }
    return g_steal_pointer(&again);
}

void
ss_again_free(SsAgain *again)
{
    if (again) {
        g_array_unref(again->identities);
        g_free(again);
    }
}

/* --- the source --- */

static SsSourceStatus
check_unchanged(const AgainSource *self, GError **error)
{
    const char *name = input_of(self->again, self->i)->name;
    const Identity *before = &g_array_index(self->again->identities, Identity, self->i);
    Identity now;

    if (identify(name, &now) && is_same(before, &now)) {
        return SS_SOURCE_FRAME;
    }
    g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_READ,
                "%s has changed since it was read, and cannot be read again: give a file that "
                "still changes as standard input",
                name);
    return SS_SOURCE_ERROR;
}

static SsSourceStatus
open_next(AgainSource *self, GError **error)
{
    const char *name = input_of(self->again, self->i)->name;
    SsSourceStatus status = check_unchanged(self, error);

    if (status != SS_SOURCE_FRAME) {
        return status;
    }
    self->source = ss_source_file_open(name, self->on_secrets, self->user_data, error);
    if (!self->source) {
        g_prefix_error(error, "%s: ", name);
        return SS_SOURCE_ERROR;
    }
    return SS_SOURCE_FRAME;
}

static SsSourceStatus
close_this(AgainSource *self, GError **error)
{
    SsSourceStatus status = check_unchanged(self, error);

    self->before += self->source->size;
    g_clear_pointer(&self->source, ss_source_close);
    self->i++;
    return status;
}

static SsSourceStatus
read_one(AgainSource *self, SsFrame *ret_frame, GError **error)
{
    g_autoptr(GError) reason = NULL;
    SsSourceStatus status = self->source->ops->next(self->source, ret_frame, &reason);

    self->base.position = self->before + self->source->position;
    switch (status) {
    case SS_SOURCE_FRAME:
        ret_frame->origin.frame = ++self->frame;
        return status;
    case SS_SOURCE_IDLE:
        return status;
    case SS_SOURCE_END:
    case SS_SOURCE_DAMAGED:
        return close_this(self, error) == SS_SOURCE_ERROR ? SS_SOURCE_ERROR : SS_SOURCE_END;
    case SS_SOURCE_ERROR:
        break;
    }
    g_propagate_prefixed_error(error, g_steal_pointer(&reason), "%s: ", self->source->name);
    return SS_SOURCE_ERROR;
}

static SsSourceStatus
again_next(SsSource *base, SsFrame *ret_frame, GError **error)
{
    AgainSource *self = (AgainSource *)base;
    SsSourceStatus status = SS_SOURCE_END;

    while (status == SS_SOURCE_END && self->i < self->again->inputs->items->len) {
        status = self->source ? SS_SOURCE_FRAME : open_next(self, error);
        if (status == SS_SOURCE_FRAME) {
            status = read_one(self, ret_frame, error);
        }
    }
    return status;
}

bool
ss_again_finish(SsSource *source, GError **error)
{
    AgainSource *self = (AgainSource *)source;

    return !self->source || check_unchanged(self, error) == SS_SOURCE_FRAME;
}

static bool
again_stats(SsSource *base, SsSourceStats *ret_stats)
{
    (void)base;
    (void)ret_stats;
    return false;
}

static void
again_close(SsSource *base)
{
    AgainSource *self = (AgainSource *)base;

    ss_source_close(self->source);
    g_free(base->name);
    g_free(self);
}

static const SsSourceOps AGAIN_OPS = {again_next, again_stats, again_close};

SsSource *
ss_again_read(SsAgain *again, SsSecretsFn on_secrets, void *user_data)
{
    AgainSource *self = g_new0(AgainSource, 1);

    self->base.ops = &AGAIN_OPS;
    self->base.fd = -1;
    self->base.name = g_strdup("the input files");
    self->base.size = again->inputs->total;
    self->again = again;
    self->on_secrets = on_secrets;
    self->user_data = user_data;
    return &self->base;
}
