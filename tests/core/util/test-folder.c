#include "config.h"

#include "util/bobbin-folder.h"

#include <glib/gstdio.h>
#include <unistd.h>

static char *
new_folder (void)
{
  g_autoptr(GError) error = NULL;
  char *dir = g_dir_make_tmp ("bobbin-test-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

static void
put (const char *dir,
     const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "words", -1, NULL));
}

static void
test_nested (void)
{
  g_autofree char *dir = new_folder ();
  g_autofree char *empty = g_build_filename (dir, "a", "empty", NULL);

  put (dir, "one");
  put (dir, "a/b/c/two");
  put (dir, ".hidden");
  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);

  g_assert_true (bobbin_folder_remove (dir));
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

static void
test_links (void)
{
  g_autofree char *dir = new_folder ();
  g_autofree char *kept = new_folder ();
  g_autofree char *file = g_build_filename (kept, "file", NULL);
  g_autofree char *to_folder = g_build_filename (dir, "folder", NULL);
  g_autofree char *to_file = g_build_filename (dir, "file", NULL);
  g_autofree char *to_nothing = g_build_filename (dir, "nothing", NULL);

  put (kept, "file");
  g_assert_cmpint (symlink (kept, to_folder), ==, 0);
  g_assert_cmpint (symlink (file, to_file), ==, 0);
  g_assert_cmpint (symlink ("/nowhere/at/all", to_nothing), ==, 0);

  g_assert_true (bobbin_folder_remove (dir));
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));

  g_assert_cmpint (symlink (kept, dir), ==, 0);
  g_assert_true (bobbin_folder_remove (dir));
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  g_assert_true (bobbin_folder_remove (kept));
}

static void
test_absent (void)
{
  g_autofree char *dir = new_folder ();
  g_autofree char *file = g_build_filename (dir, "file", NULL);
  g_autofree char *below = g_build_filename (file, "below", NULL);

  g_assert_true (bobbin_folder_remove (file)); /* nothing is left of what was not there */
  put (dir, "file");
  g_assert_true (bobbin_folder_remove (below));
  g_assert_true (bobbin_folder_remove (file));
  g_assert_true (bobbin_folder_remove (dir));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/folder/nested", test_nested);
  g_test_add_func ("/folder/links", test_links);
  g_test_add_func ("/folder/absent", test_absent);

  return g_test_run ();
}
