/* With any compiler: every input that once did harm (regressions/TARGET/), some of the seeds, and BOBBIN_FUZZ_RUNS of them (else 150 a
 * target) changed at random with BOBBIN_SEED. A run that fails leaves its input in the build directory. */
#define _GNU_SOURCE
#include "config.h"
#include "fuzz.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MAX_LENGTH 4096
#define N_SEEDS    60 /* about so many of them, spread over all */

static const guint8 *now_data; /* what runs now, for the handler */
static gsize         now_length;
static char         *left_behind;

static void
crash_cb (int number)
{
  int fd = g_open (left_behind, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

  if (fd >= 0)
    {
      (void) !write (fd, now_data, now_length);
      close (fd);
    }
  signal (number, SIG_DFL);
  raise (number);
}

static void
run (const FuzzTarget *target,
     const void       *data,
     gsize             length)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);

  now_data = copy;
  now_length = length;
  target->run (copy, length);
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Adds the files of @dir, in the order of their names, to @inputs (of GBytes). */
static void
read_dir (const char *dir,
          GPtrArray  *inputs)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (dir, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      char *contents;
      gsize length;

      if (g_file_get_contents (names->pdata[i], &contents, &length, NULL))
        g_ptr_array_add (inputs, g_bytes_new_take (contents, length));
    }
}

static gint64
number_of (const char *variable,
           gint64      otherwise)
{
  const char *text = g_getenv (variable);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

/* A few bytes other, more, fewer, doubled, or those of another input. */
static GByteArray *
change (GRand     *random,
        GPtrArray *seeds)
{
  GByteArray *bytes = g_byte_array_new ();
  GBytes *seed = seeds->pdata[g_rand_int_range (random, 0, (gint32) seeds->len)];
  guint n = (guint) g_rand_int_range (random, 1, 6);

  g_byte_array_append (bytes, g_bytes_get_data (seed, NULL), (guint) MIN (g_bytes_get_size (seed), MAX_LENGTH));
  for (guint i = 0; i < n && bytes->len > 1; i++)
    {
      guint at = (guint) g_rand_int_range (random, 0, (gint32) bytes->len);
      guint most = MIN (40, bytes->len - at);
      guint size = (guint) g_rand_int_range (random, 1, (gint32) most + 1);
      GBytes *other = seeds->pdata[g_rand_int_range (random, 0, (gint32) seeds->len)];

      switch (g_rand_int_range (random, 0, 5))
        {
        case 0:
          bytes->data[at] ^= (guint8) (1u << g_rand_int_range (random, 0, 8));
          break;
        case 1:
          bytes->data[at] = (guint8) "\"\\{}[]:,\n\r\0$*`|#<&\xff"[g_rand_int_range (random, 0, 20)];
          break;
        case 2:
          g_byte_array_remove_range (bytes, at, size);
          break;
        case 3:
          {
            g_autofree guint8 *copy = g_memdup2 (bytes->data + at, size);

            g_byte_array_append (bytes, copy, size);
          }
          break;
        default:
          for (guint k = 0; k < size && k < g_bytes_get_size (other); k++)
            bytes->data[at + k] = ((const guint8 *) g_bytes_get_data (other, NULL))[k];
        }
    }

  return bytes;
}

static void
test_target (gconstpointer data)
{
  const FuzzTarget *target = data;
  g_autofree char *regressions = g_test_build_filename (G_TEST_DIST, "fuzz", "regressions", target->name, NULL);
  g_autofree char *seeds_dir = g_test_build_filename (G_TEST_BUILT, "fuzz", "seeds", target->name, NULL);
  g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GRand) random = g_rand_new_with_seed ((guint32) number_of ("BOBBIN_SEED", 1));
  gint64 n_runs = number_of ("BOBBIN_FUZZ_RUNS", 150);
  guint n_regressions, step;

  read_dir (regressions, inputs);
  n_regressions = inputs->len;
  read_dir (seeds_dir, inputs);
  g_assert_cmpuint (inputs->len, >, 0);
  run (target, "", 0);
  step = 1 + (inputs->len - n_regressions) / N_SEEDS;
  for (guint i = 0; i < inputs->len; i += i < n_regressions ? 1 : step)
    run (target, g_bytes_get_data (inputs->pdata[i], NULL), g_bytes_get_size (inputs->pdata[i]));
  for (gint64 i = 0; i < n_runs; i++)
    {
      g_autoptr(GByteArray) changed = change (random, inputs);

      run (target, changed->data, changed->len);
    }
  g_test_message ("%u inputs, %" G_GINT64_FORMAT " changed", inputs->len, n_runs);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fuzz_set_up ();
  left_behind = g_test_build_filename (G_TEST_BUILT, "fuzz", "failed-input", NULL);
  signal (SIGABRT, crash_cb);
  signal (SIGTRAP, crash_cb);
  if (g_getenv ("BOBBIN_SANITIZED") == NULL)
    signal (SIGSEGV, crash_cb);
  for (guint i = 0; fuzz_targets[i].name != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/fuzz/", fuzz_targets[i].name, NULL);

      g_test_add_data_func (path, &fuzz_targets[i], test_target);
    }

  return g_test_run ();
}
