/* Every call that writes to the disk fails in turn, in each way a disk can fail, while a profile is made, filled, exported, imported
 * and cleaned up: whatever is told as done is there when the disk works again, whatever is not is told in words, and the database is
 * sound. All in one process (faulty-disk.h).
 *
 * A smoke unless told otherwise: every 97th call, from one that BOBBIN_SEED chooses. BOBBIN_STRIDE=1 tries them all. */
#include "config.h"
#include "export-fixture.h"
#include "faulty-disk.h"

#include <string.h>
#include <unistd.h>

#define N_MESSAGES 4

static char *given; /* a file to import, on a sound disk */

/* What the store said was done. */
typedef struct
{
  char      *dir;
  char      *out;
  gint64     thread_id;
  GPtrArray *saved;         /* of BobbinMessage */
  GPtrArray *attachments;   /* of BobbinAttachment, of messages among them */
  gboolean   has_draft;
  gboolean   exported;
  gboolean   imported;
  gboolean   deleted;       /* the first message */
  guint      n_refused;
} Told;

static void
told_clear (Told *told)
{
  g_clear_pointer (&told->saved, g_ptr_array_unref);
  g_clear_pointer (&told->attachments, g_ptr_array_unref);
  fixture_remove_dir (told->dir);
  fixture_remove_dir (told->out);
  g_free (told->dir);
  g_free (told->out);
}

/* In words, and of a kind that can be acted on. */
static gboolean
check_refusal (Told   *told,
               GError *error)
{
  if (error == NULL)
    return FALSE;
  g_assert_true (error->domain == BOBBIN_ERROR);
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  told->n_refused++;
  g_error_free (error);

  return TRUE;
}

static gboolean
is_done (Told         *told,
         BobbinStore  *store,
         GAsyncResult *taken)
{
  g_autoptr(GAsyncResult) result = taken;
  GError *error = NULL;

  g_assert_cmpint (bobbin_store_finish (store, result, &error), ==, error == NULL);

  return !check_refusal (told, error);
}

static BobbinAttachment *
attach (Told        *told,
        BobbinStore *store)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("high water at 14:52", 19);
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_import_bytes_async, store, bytes, "tides.txt", NULL);
  GError *error = NULL;
  BobbinAttachment *attachment = bobbin_store_import_finish (store, result, &error);

  g_assert_cmpint (attachment != NULL, ==, error == NULL);
  check_refusal (told, error);

  return attachment;
}

static void
write_messages (Told         *told,
                BobbinStore  *store,
                BobbinThread *thread)
{
  for (guint i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *text = g_strdup_printf ("Message %u of %0*u", i, i == 2 ? 20000 : 100, i);
      g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_USER, text);
      g_autoptr(BobbinAttachment) attachment = i == 1 ? attach (told, store) : NULL;

      if (attachment != NULL)
        {
          g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_FILE);

          bobbin_block_set_attachment (block, attachment);
          bobbin_message_add_block (message, block);
        }
      if (!is_done (told, store, WAIT (bobbin_store_save_message_async, store, bobbin_thread_get_id (thread), message)))
        continue;
      g_ptr_array_add (told->saved, g_object_ref (message));
      if (attachment != NULL)
        g_ptr_array_add (told->attachments, g_object_ref (attachment));
    }
}

/* An answer that streams: saved, then longer, then complete. */
static void
write_stream (Told         *told,
              BobbinStore  *store,
              BobbinThread *thread)
{
  g_autoptr(BobbinMessage) message = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "It begins ");
  BobbinBlock *block = bobbin_message_get_block (message, 0);
  gsize at = bobbin_block_get_length (block);

  if (!is_done (told, store, WAIT (bobbin_store_save_message_async, store, bobbin_thread_get_id (thread), message)))
    return;
  if (!is_done (told, store, WAIT (bobbin_store_append_text_async, store, bobbin_block_get_id (block), at, "and ends", 8)))
    return;
  bobbin_block_append (block, "and ends", 8);
  g_ptr_array_add (told->saved, g_object_ref (message));
}

static void
move_files (Told         *told,
            BobbinStore  *store,
            BobbinThread *thread)
{
  g_autofree char *path = g_build_filename (told->out, "out.json", NULL);
  BobbinExportSum exported;
  BobbinImportSum imported;
  GError *error = NULL;

  told->exported = export_to (store, bobbin_thread_get_id (thread), BOBBIN_EXPORT_JSON, path, &exported, NULL, &error);
  check_refusal (told, error);
  error = NULL;
  told->imported = import_from (store, given, FALSE, &imported, &error);
  check_refusal (told, error);
}

/* Open, write, move files, clean up, close; then once more open and write. */
static void
use_profile (Told *told)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "Work", "https://example.org");
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(BobbinDraft) draft = NULL;
  GError *error = NULL;
  BobbinStore *store = bobbin_sqlite_store_new (told->dir);

  opened = WAIT (bobbin_store_open_async, store);
  report = bobbin_store_open_finish (store, opened, &error);
  g_clear_object (&opened);
  g_assert_cmpint (report != NULL, ==, error == NULL);
  if (!check_refusal (told, error) && !report->read_only && is_done (told, store, WAIT (bobbin_store_save_account_async, store, account)))
    {
      thread = bobbin_thread_new (0, bobbin_account_get_id (account));
      bobbin_thread_set_title (thread, "Tides", BOBBIN_TITLE_DERIVED);
      if (is_done (told, store, WAIT (bobbin_store_save_thread_async, store, thread)))
        {
          told->thread_id = bobbin_thread_get_id (thread);
          write_messages (told, store, thread);
          write_stream (told, store, thread);
          draft = bobbin_draft_new (told->thread_id);
          bobbin_draft_set_text (draft, "unsent words", 0);
          told->has_draft = is_done (told, store, WAIT (bobbin_store_save_draft_async, store, draft));
          move_files (told, store, thread);
          if (told->saved->len > 0)
            told->deleted = is_done (told, store, WAIT (bobbin_store_delete_message_async, store, bobbin_message_get_id (told->saved->pdata[0])));
        }
    }
  bobbin_store_close (store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (store);
}

static void
check_message (Told          *told,
               GPtrArray     *messages,
               BobbinMessage *wanted)
{
  g_autofree char *text = bobbin_message_dup_text (wanted);

  for (guint i = 0; i < messages->len; i++)
    if (bobbin_message_get_id (messages->pdata[i]) == bobbin_message_get_id (wanted))
      {
        g_autofree char *found = bobbin_message_dup_text (messages->pdata[i]);

        g_assert_cmpstr (found, ==, text);
        return;
      }
  g_error ("A message that was told as saved is gone: %.40s", text);
}

/* The disk is sound again: what was told is there. */
static void
judge (Told *told)
{
  g_autoptr(BobbinStoreReport) report = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (told->out, "out.json", NULL);
  BobbinStore *store = fixture_try_open (told->dir, &report, &error);

  g_assert_no_error (error);
  g_assert_false (report->recovered);
  g_assert_false (report->read_only);
  if (told->thread_id != 0)
    {
      g_autoptr(GPtrArray) messages = fixture_list_messages (store, told->thread_id);
      g_autoptr(GAsyncResult) loaded = WAIT (bobbin_store_load_draft_async, store, told->thread_id);
      g_autoptr(BobbinDraft) draft = bobbin_store_load_draft_finish (store, loaded, &error);

      g_assert_no_error (error);
      for (guint i = told->deleted ? 1 : 0; i < told->saved->len; i++)
        check_message (told, messages, told->saved->pdata[i]);
      if (told->has_draft)
        g_assert_cmpstr (bobbin_draft_get_text (draft), ==, "unsent words");
    }
  for (guint i = 0; i < told->attachments->len; i++)
    {
      g_autofree char *file = g_build_filename (bobbin_store_get_attachments_dir (store), bobbin_attachment_get_sha256 (told->attachments->pdata[i]), NULL);
      g_autofree char *contents = NULL;

      if (g_file_get_contents (file, &contents, NULL, NULL))
        g_assert_cmpstr (contents, ==, "high water at 14:52");
    }
  if (told->imported)
    {
      g_autoptr(GPtrArray) hits = fixture_search (store, "imported");

      g_assert_cmpuint (hits->len, ==, 1);
    }
  g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, told->exported);
  fixture_close (store);
  g_assert_cmpint (fixture_query (told->dir, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
}

static gint64
number_of (const char *variable,
           gint64      otherwise)
{
  const char *text = g_getenv (variable);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

/* One run with a fault at call @n; how many calls there were. */
static guint
try_fault (FaultyDisk disk,
           guint      n,
           gboolean  *ret_fired,
           guint     *n_refused)
{
  Told told = { fixture_make_dir (), fixture_make_dir () };
  g_autofree char *around = g_path_get_dirname (told.dir);
  g_autofree char *below = g_build_filename (around, "bobbin-store-", NULL);
  guint n_calls;

  told.saved = g_ptr_array_new_with_free_func (g_object_unref);
  told.attachments = g_ptr_array_new_with_free_func (g_object_unref);
  alarm (60); /* a hang ends with a word on where */
  g_test_message ("%s at call %u", faulty_disk_get_name (disk), n);
  faulty_disk_arm (disk, below, n);
  use_profile (&told);
  *ret_fired = faulty_disk_fired ();
  n_calls = faulty_disk_disarm ();
  judge (&told);
  alarm (0);
  *n_refused += told.n_refused > 0;
  told_clear (&told);

  return n_calls;
}

static void
attack (gconstpointer data)
{
  FaultyDisk disk = (FaultyDisk) GPOINTER_TO_INT (data);
  guint stride = (guint) MAX (1, number_of ("BOBBIN_STRIDE", 97));
  guint first = 1 + (guint) number_of ("BOBBIN_SEED", 1) % stride;
  guint n_refused = 0, n_tries = 0, n_fired = 0;
  gboolean fired;
  guint n_calls = try_fault (DISK_SOUND, 0, &fired, &n_refused);

  g_assert_cmpuint (n_calls, >, 50);
  g_assert_cmpuint (n_refused, ==, 0);
  for (guint n = first; n <= n_calls; n += stride)
    {
      try_fault (disk, n, &fired, &n_refused);
      n_tries++;
      n_fired += fired;
    }
  g_print ("# %s: %u calls, %u tries, %u faults, %u told\n", faulty_disk_get_name (disk), n_calls, n_tries, n_fired, n_refused);
  if (disk != DISK_NO_FILES)
    g_assert_cmpuint (n_fired, >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *elsewhere = g_dir_make_tmp ("bobbin-given-XXXXXX", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  given = g_build_filename (elsewhere, "given.json", NULL);
  fixture_write (elsewhere, "given.json", "{\"title\":\"T\",\"messages\":[{\"role\":\"user\",\"content\":\"imported words\"}]}", -1);
  for (FaultyDisk disk = DISK_FULL; disk < N_DISKS; disk++)
    {
      g_autofree char *path = g_strconcat ("/disk-faults/", faulty_disk_get_name (disk), NULL);

      g_test_add_data_func (path, GINT_TO_POINTER (disk), attack);
    }

  status = g_test_run ();
  fixture_remove_dir (elsewhere);
  g_free (given);

  return status;
}
