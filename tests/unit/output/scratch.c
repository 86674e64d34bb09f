#include "tests/unit/output/scratch.h"

#include <glib/gstdio.h>

char *
scratch_new(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("smtpscope-XXXXXX", &error);

    g_assert_no_error(error);
    return folder;
}

char *
scratch_path(const char *folder, const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static GPtrArray *
names_in(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_ptr_array_add(names, g_strdup(name));
    }
    return names;
}

void
scratch_free(char *folder)
{
    g_autoptr(GPtrArray) names = names_in(folder);

    for (size_t i = 0; i < names->len; i++) {
        g_autofree char *path = scratch_path(folder, g_ptr_array_index(names, i));
        if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK) && g_file_test(path, G_FILE_TEST_IS_DIR)) {
            scratch_free(g_steal_pointer(&path));
        } else {
            g_unlink(path);
        }
    }
    g_rmdir(folder);
    g_free(folder);
}

void
scratch_put(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = scratch_path(folder, name);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
}

char *
scratch_get(const char *folder, const char *name)
{
    g_autofree char *path = scratch_path(folder, name);
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *
scratch_list(const char *folder)
{
    g_autoptr(GPtrArray) names = names_in(folder);

    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **)names->pdata);
}
