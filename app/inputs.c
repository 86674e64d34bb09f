#include "app/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dissect/digest.h"
#include "output/tell.h"

/* Every file stays open from the check of its header on, so that what was checked is what is read.
 */
static void
raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* else the default must do */
    }
}

/* The SHA-256 of a file in hex, or NULL where it cannot be read twice. */
static char *
hash_file(const char *path)
{
    g_autoptr(SsDigest) digest = NULL;
    uint8_t buffer[65536];
    char hex[SS_SHA256_HEX + 1];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        ss_tell("%s: is not hashed: %s", path, g_strerror(errno));
        return NULL;
    }
    digest = ss_digest_new();
    ss_digest_start(digest);
    while ((n = read(fd, buffer, sizeof buffer)) > 0) {
        ss_digest_update(digest, ss_slice(buffer, (size_t)n));
    }
    close(fd);
    ss_digest_finish(digest, hex);
    return n < 0 ? NULL : g_strdup(hex);
}

static char *
hash_input(const SsSource *source)
{
    if (strcmp(source->name, "-") == 0 || source->size == SS_COUNT_NONE) {
        ss_tell("%s: is not hashed: it can be read only once; give the file by its name",
                strcmp(source->name, "-") == 0 ? "standard input" : source->name);
        return NULL;
    }
    return hash_file(source->name);
}

static void
add(SsAppInputs *inputs, SsSource *source, char *sha256)
{
    SsAppInput input = {.source = source, .sha256 = sha256};

    input.about.name = ss_slice_str(source->name);
    input.about.size = source->size;
    input.about.sha256 = ss_slice_str(sha256);
    input.about.first_ns = input.about.last_ns = SS_TIME_NONE;
    if (source->size == SS_COUNT_NONE || inputs->total == SS_COUNT_NONE) {
        inputs->total = SS_COUNT_NONE;
    } else {
        inputs->total += source->size;
    }
    g_array_append_val(inputs->items, input);
}

static bool
open_live(SsAppInputs *inputs, const SsAppOptions *options, GError **error)
{
    SsLiveOptions live = {
        .interface = options->interface,
        .filter = options->filter,
        .ports = (const uint16_t *)(void *)options->ports->data,
        .n_ports = options->ports->len,
        .snap_length = options->snap_length,
        .buffer_mib = options->buffer_mib,
    };
    SsSource *source = ss_source_live_open(&live, error);

    if (!source) {
        g_prefix_error(error, "%s: ", options->interface);
        return false;
    }
    add(inputs, source, NULL);
    return true;
}

bool
ss_app_inputs_open(SsAppInputs *inputs, const SsAppOptions *options, SsSecretsFn on_secrets,
                   void *user_data, GError **error)
{
    *inputs = (SsAppInputs){.items = g_array_new(FALSE, TRUE, sizeof(SsAppInput))};
    if (options->interface && strcmp(options->interface, "-") != 0) {
        return open_live(inputs, options, error);
    }
    raise_file_limit();
    for (char **file = options->files; file && *file; file++) {
        SsSource *source = ss_source_file_open(*file, on_secrets, user_data, error);
        if (!source) {
            g_prefix_error(error, "%s: ", *file);
            return false;
        }
        add(inputs, source, options->hash_inputs ? hash_input(source) : NULL);
    }
    if (inputs->items->len == 0) {
        SsSource *source = ss_source_file_open("-", on_secrets, user_data, error);
        if (!source) {
            g_prefix_error(error, "standard input: ");
            return false;
        }
        add(inputs, source, options->hash_inputs ? hash_input(source) : NULL);
    }
    return true;
}

void
ss_app_inputs_clear(SsAppInputs *inputs)
{
    if (!inputs->items) {
        return;
    }
    for (guint i = 0; i < inputs->items->len; i++) {
        SsAppInput *input = &g_array_index(inputs->items, SsAppInput, i);
        ss_source_close(input->source);
        g_free(input->sha256);
    }
    g_clear_pointer(&inputs->items, g_array_unref);
}
