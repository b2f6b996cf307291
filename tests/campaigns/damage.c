/* A database with every page zeroed in turn, cut off at every page, and with bits turned at random: the program opens it, says so,
 * saves what can be read, keeps the damaged file as it was, and works on with a sound one. And with a disk that fails at each call
 * of such a repair: the next start has lost nothing by it.
 *
 * A smoke unless told otherwise: every 61st page, from one that BOBBIN_SEED chooses. BOBBIN_STRIDE=1 tries them all. */
#include "config.h"
#include "faulty-disk.h"
#include "store-fixture.h"

#include "store/bobbin-store-bulk.h"

#include <string.h>
#include <unistd.h>

#define PAGE      4096
#define N_THREADS 40
#define N_EACH    12
#define N_FLIPS   20
#define N_ALL     (N_THREADS * N_EACH)

typedef enum
{
  DAMAGE_ZERO,
  DAMAGE_CUT,
  DAMAGE_FLIP,
  N_DAMAGES
} Damage;

static const char *const damage_names[] = { "zero", "cut", "flip" };

static char *database; /* about a mebibyte */
static gsize database_length;

static void
make_database (void)
{
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *store = fixture_open (dir, NULL);
  g_autoptr(BobbinAccount) account = fixture_add_account (store, "A");

  _bobbin_store_begin_bulk_async (store, NULL, NULL, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autofree char *title = g_strdup_printf ("Thread %u", i);
      g_autoptr(BobbinThread) thread = fixture_add_thread (store, account, title, 1000 + i);

      for (guint j = 0; j < N_EACH; j++)
        {
          g_autofree char *text = g_strdup_printf ("Message %u-%u %0*d", i, j, 500, 7);
          g_autoptr(BobbinMessage) message = fixture_make_message (j % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, text);

          bobbin_store_save_message_async (store, bobbin_thread_get_id (thread), message, NULL, NULL, NULL);
        }
    }
  _bobbin_store_end_bulk_async (store, NULL, NULL, NULL);
  fixture_close (store);
  database = fixture_read (dir, "bobbin.db", &database_length);
  fixture_remove_dir (dir);
}

/* Everything a person would look at; what cannot be read is told in words. Returns the messages that were read. */
static guint
read_everything (BobbinStore *store,
                 gboolean    *ret_whole)
{
  const BobbinThreadQuery query = { .folder = BOBBIN_FOLDER_ACTIVE, .limit = 1000 };
  const BobbinSearchQuery asked = { .text = "message", .limit = 20 };
  g_autoptr(GAsyncResult) listed = WAIT (bobbin_store_list_threads_async, store, &query);
  g_autoptr(GAsyncResult) searched = WAIT (bobbin_store_search_async, store, &asked);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) threads = bobbin_store_list_threads_finish (store, listed, &error);
  g_autoptr(GError) search_error = NULL;
  g_autoptr(BobbinSearchPage) page = bobbin_store_search_finish (store, searched, &search_error);
  guint n = 0;

  *ret_whole = threads != NULL && page != NULL;
  if (threads == NULL)
    g_test_message ("threads: %s", error->message);
  if (page == NULL)
    g_test_message ("search: %s", search_error->message);
  g_assert_true (threads != NULL || error->domain == BOBBIN_ERROR);
  g_assert_true (page != NULL || search_error->domain == BOBBIN_ERROR);
  for (guint i = 0; threads != NULL && i < threads->len; i++)
    {
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_messages_async, store, bobbin_thread_get_id (threads->pdata[i]), 0, 1000);
      g_autoptr(GError) local_error = NULL;
      g_autoptr(GPtrArray) messages = bobbin_store_list_messages_finish (store, result, &local_error);

      *ret_whole &= messages != NULL;
      if (messages == NULL)
        g_test_message ("messages: %s", local_error->message);
      g_assert_true (messages != NULL || local_error->domain == BOBBIN_ERROR);
      n += messages != NULL ? messages->len : 0;
    }

  return n;
}

static gboolean
has_file (const char *dir,
          const char *prefix,
          const char *bytes,
          gsize       length)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *found = NULL;
      gsize found_length;

      if (!g_str_has_prefix (name, prefix))
        continue;
      found = fixture_read (dir, name, &found_length);
      if (found_length == length && memcmp (found, bytes, length) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Starts the program on @bytes until it is content, three times at most. Returns the messages there are then. */
static guint
try_damage (const char *bytes,
            gsize       length)
{
  g_autofree char *dir = fixture_make_dir ();
  gboolean recovered = FALSE;
  gboolean whole = FALSE;
  guint n = 0;

  fixture_write (dir, "bobbin.db", bytes, (gssize) length);
  alarm (60);
  for (guint start = 0; start < 3 && !whole; start++)
    {
      g_autoptr(BobbinStoreReport) report = NULL;
      BobbinStore *store = fixture_open (dir, &report);

      g_assert_false (recovered && report->recovered); /* once is enough: what it made is sound */
      recovered |= report->recovered;
      if (report->recovered)
        g_assert_true (has_file (dir, "bobbin.db.broken-", bytes, length) || start > 0);
      n = read_everything (store, &whole);
      if (whole)
        {
          g_autoptr(BobbinAccount) account = fixture_add_account (store, "New");
          g_autoptr(BobbinThread) thread = fixture_add_thread (store, account, "New", 5);
          g_autoptr(BobbinMessage) message = fixture_add_message (store, thread, BOBBIN_ROLE_USER, "Papageientaucher");
        }
      fixture_close (store);
    }
  alarm (0);
  g_assert_true (whole);
  fixture_remove_dir (dir);

  return n;
}

static gint64
number_of (const char *variable,
           gint64      otherwise)
{
  const char *text = g_getenv (variable);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

static void
attack (gconstpointer data)
{
  Damage damage = (Damage) GPOINTER_TO_INT (data);
  guint stride = (guint) MAX (1, number_of ("BOBBIN_STRIDE", 61));
  gint64 seed = number_of ("BOBBIN_SEED", 1);
  g_autoptr(GRand) random = g_rand_new_with_seed ((guint32) seed);
  guint n_pages = (guint) (database_length / PAGE);
  guint least = N_ALL, n_tries = 0, n_less = 0;

  for (guint page = (guint) (seed % stride); page < n_pages; page += stride)
    {
      g_autofree char *bytes = g_memdup2 (database, database_length);
      gsize length = damage == DAMAGE_CUT ? page * (gsize) PAGE + (page == 0 ? 10 : 0) : database_length;
      guint n;

      if (damage == DAMAGE_ZERO)
        memset (bytes + page * PAGE, 0, PAGE);
      for (guint i = 0; damage == DAMAGE_FLIP && i < N_FLIPS; i++)
        bytes[g_rand_int_range (random, 0, (gint32) length)] ^= (char) (1 << g_rand_int_range (random, 0, 8));
      g_test_message ("%s at page %u", damage_names[damage], page);
      n = try_damage (bytes, length);
      /* Text whose message is not known stands in one of its own. */
      g_assert_cmpuint (n, <=, N_ALL + (damage == DAMAGE_FLIP ? N_FLIPS : 0));
      /* A page holds at most a few messages; the tables of which are found are another matter. */
      if (damage == DAMAGE_ZERO)
        g_assert_cmpuint (n, >=, N_ALL / 2);
      least = MIN (least, n);
      n_less += n < N_ALL;
      n_tries++;
    }
  g_print ("# %s: %u pages, %u tries, %u lost messages, at least %u of %u were saved\n", damage_names[damage], n_pages, n_tries, n_less,
           least, N_ALL);
}

/* The repair itself meets a disk that fails at call @n; then the program is started again. */
static guint
try_repair (FaultyDisk disk,
            guint      n)
{
  g_autofree char *dir = fixture_make_dir ();
  g_autofree char *bytes = g_memdup2 (database, database_length);
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(BobbinStoreReport) second = NULL;
  g_autoptr(GError) error = NULL;
  BobbinStore *store;
  gboolean whole;
  guint n_calls;

  memset (bytes, 0, PAGE);
  fixture_write (dir, "bobbin.db", bytes, (gssize) database_length);
  g_test_message ("%s at call %u", faulty_disk_get_name (disk), n);
  faulty_disk_arm (disk, dir, n);
  store = fixture_try_open (dir, &report, &error);
  g_assert_true (store != NULL || error->domain == BOBBIN_ERROR);
  n_calls = faulty_disk_disarm ();
  if (store != NULL)
    fixture_close (store);
  store = fixture_open (dir, &second);
  g_assert_cmpuint (read_everything (store, &whole), ==, N_ALL);
  g_assert_true (whole);
  g_assert_true (has_file (dir, "bobbin.db.broken-", bytes, database_length));
  fixture_close (store);
  fixture_remove_dir (dir);

  return n_calls;
}

static void
repair (void)
{
  guint n_calls = try_repair (DISK_SOUND, 0);
  guint stride = (guint) MAX (1, number_of ("BOBBIN_STRIDE", 61));

  g_assert_cmpuint (n_calls, >, 10);
  /* From the end, where files are put in their places. */
  for (gint64 n = n_calls; n > 0; n -= n + 8 > n_calls ? 1 : stride)
    {
      try_repair (DISK_BROKEN, (guint) n);
      if (stride < 61)
        try_repair (DISK_STAYS_FULL, (guint) n);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  make_database ();
  for (Damage damage = DAMAGE_ZERO; damage < N_DAMAGES; damage++)
    {
      g_autofree char *path = g_strconcat ("/damage/", damage_names[damage], NULL);

      g_test_add_data_func (path, GINT_TO_POINTER (damage), attack);
    }
  g_test_add_func ("/damage/repair", repair);
  status = g_test_run ();
  g_free (database);

  return status;
}
