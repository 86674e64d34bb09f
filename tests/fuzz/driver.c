/*
 * Runs a target without libFuzzer: the seeds made from files of the tests, then so many mutations
 * of them; or files, as libFuzzer left them.
 *
 *     fuzz-NAME FOLDER          the files in it; SS_FUZZ_RUNS, SS_FUZZ_SEED, SS_FUZZ_SECONDS
 *     fuzz-NAME FILE…           inputs
 *     fuzz-NAME --seeds OUT FOLDER   writes the seeds
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

/* Long ones would take all of the time. */
#define INPUT_MAX 6000

/* Hundreds of times what one of them takes. */
#define RUN_SECONDS_MAX 20

static struct {
    guint32 seed;
    guint64 run;
    const GByteArray *input;
} now;

static void
on_crash(int number)
{
    g_autofree char *name = g_strdup_printf("crash-%u-%" G_GUINT64_FORMAT, now.seed, now.run);

    if (now.input) {
        fprintf(stderr, "run %" G_GUINT64_FORMAT " of seed %u: ./%s\n", now.run, now.seed, name);
        g_file_set_contents(name, (const char *)now.input->data, (gssize)now.input->len, NULL);
    }
    signal(number, SIG_DFL);
    raise(number);
}

static guint64
number_of_environment(const char *name, guint64 fallback)
{
    const char *value = g_getenv(name);

    return value ? g_ascii_strtoull(value, NULL, 10) : fallback;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
unref_bytes(gpointer bytes)
{
    g_byte_array_unref(bytes);
}

/* The seeds of all files in `folder`; also written, where `out` says so. */
static GPtrArray *
make_seeds(const char *folder, const char *out)
{
    GPtrArray *seeds = g_ptr_array_new_with_free_func(unref_bytes);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        g_autoptr(GByteArray) seed = g_byte_array_new();
        if (!ss_fuzz_seed(path, seed)) {
            continue;
        }
        if (out) {
            g_autofree char *to = g_build_filename(out, g_ptr_array_index(names, i), NULL);
            g_file_set_contents(to, (const char *)seed->data, (gssize)seed->len, NULL);
        }
        g_ptr_array_add(seeds, g_steal_pointer(&seed));
    }
    return seeds;
}

static void
run(const GByteArray *input)
{
    g_autofree uint8_t *copy = g_memdup2(input->data, input->len);

    now.input = input;
    alarm(RUN_SECONDS_MAX);
    LLVMFuzzerTestOneInput(copy, input->len);
    alarm(0);
    now.run++;
}

/* --- mutation --- */

static const char *const words[] = {
    "\r\n",
    "\n",
    "\r",
    ".",
    "\r\n.\r\n",
    "\n.\n",
    "250 ",
    "250-",
    "354 ",
    "334 ",
    "220 ",
    "421 ",
    "EHLO a\r\n",
    "MAIL FROM:<",
    "RCPT TO:<",
    "DATA\r\n",
    "BDAT 5 LAST\r\n",
    "RSET\r\n",
    "STARTTLS\r\n",
    "AUTH LOGIN\r\n",
    "QUIT\r\n",
    "\x16\x03\x01",
    "*\r\n",
    "LHLO b\r\n",
};

static guint
place(GRand *dice, const GByteArray *input)
{
    return (guint)g_rand_int_range(dice, 0, (gint)input->len + 1);
}

static void
insert(GByteArray *input, guint at, const uint8_t *bytes, guint len)
{
    guint old = input->len;

    g_byte_array_set_size(input, old + len);
    memmove(input->data + at + len, input->data + at, old - at);
    memcpy(input->data + at, bytes, len);
}

static void
mutate(GRand *dice, GByteArray *input, const GByteArray *other)
{
    guint at = place(dice, input);
    guint len = (guint)g_rand_int_range(dice, 1, 40);
    const char *word = words[g_rand_int_range(dice, 0, G_N_ELEMENTS(words))];

    switch (g_rand_int_range(dice, 0, 7)) {
    case 0:
    case 1:
        if (at < input->len) {
            input->data[at] = (uint8_t)(input->data[at] ^ 1u << g_rand_int_range(dice, 0, 8));
        }
        break;
    case 2:
        if (at < input->len) {
            input->data[at] = (uint8_t)g_rand_int(dice);
        }
        break;
    case 3:
        g_byte_array_remove_range(input, at, MIN(len, input->len - at));
        break;
    case 4:
        insert(input, at, (const uint8_t *)word, (guint)strlen(word));
        break;
    case 5: { /* a piece of another one */
        guint from = place(dice, other);
        insert(input, at, other->data + from, MIN(len * 4, other->len - from));
        break;
    }
    default: { /* over what is there, so that lengths stay right */
        guint n = MIN((guint)strlen(word), input->len - at);
        memcpy(input->data + at, word, n);
    }
    }
}

static void
run_mutations(GPtrArray *seeds)
{
    guint64 runs = number_of_environment("SS_FUZZ_RUNS", 3000);
    guint64 seconds = number_of_environment("SS_FUZZ_SECONDS", 0);
    gint64 end = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    g_autoptr(GRand) dice = NULL;

    now.seed = (guint32)number_of_environment("SS_FUZZ_SEED", 1);
    dice = g_rand_new_with_seed(now.seed);
    now.run = 0;
    while (seconds ? g_get_monotonic_time() < end : now.run < runs) {
        const GByteArray *seed =
            g_ptr_array_index(seeds, g_rand_int_range(dice, 0, (gint)seeds->len));
        const GByteArray *other =
            g_ptr_array_index(seeds, g_rand_int_range(dice, 0, (gint)seeds->len));
        g_autoptr(GByteArray) input = g_byte_array_new();
        gint n = g_rand_int_range(dice, 1, 12);
        g_byte_array_append(input, seed->data, MIN(seed->len, INPUT_MAX));
        for (gint i = 0; i < n; i++) {
            mutate(dice, input, other);
        }
        run(input);
    }
    printf("%" G_GUINT64_FORMAT " mutations, seed %u\n", now.run, now.seed);
    now.input = NULL;
}

static int
run_files(int n, char **paths)
{
    for (int i = 0; i < n; i++) {
        g_autoptr(GByteArray) input = g_byte_array_new();
        g_autoptr(GError) error = NULL;
        char *bytes;
        gsize len;
        if (!g_file_get_contents(paths[i], &bytes, &len, &error)) {
            fprintf(stderr, "%s\n", error->message);
            return 1;
        }
        g_byte_array_append(input, (const uint8_t *)bytes, (guint)len);
        g_free(bytes);
        run(input);
    }
    return 0;
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) seeds = NULL;

    signal(SIGABRT, on_crash);
    signal(SIGSEGV, on_crash);
    signal(SIGALRM, on_crash);
    if (argc == 4 && strcmp(argv[1], "--seeds") == 0) {
        seeds = make_seeds(argv[3], argv[2]);
        return seeds->len ? 0 : 1;
    }
    if (argc < 2 || !g_file_test(argv[1], G_FILE_TEST_IS_DIR)) {
        return run_files(argc - 1, argv + 1);
    }
    seeds = make_seeds(argv[1], NULL);
    for (guint i = 0; i < seeds->len; i++) {
        run(g_ptr_array_index(seeds, i));
    }
    printf("%u seeds\n", seeds->len);
    if (!seeds->len) {
        return 1;
    }
    run_mutations(seeds);
    return 0;
}
