#include "config.h"
#include "export-fixture.h"

#include "model/bobbin-label.h"
#include "util/bobbin-json.h"

#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char          *dir;
  char          *out;      /* where files are written */
  BobbinStore   *store;
  BobbinAccount *account;
  BobbinThread  *thread;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = fixture_make_dir ();
  fixture->out = fixture_make_dir ();
  fixture->store = fixture_open (fixture->dir, NULL);
  fixture->account = fixture_add_account (fixture->store, "Work");
  fixture->thread = fill_thread (fixture->store, fixture->account);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->thread);
  g_object_unref (fixture->account);
  fixture_close (fixture->store);
  fixture_remove_dir (fixture->dir);
  fixture_remove_dir (fixture->out);
  g_free (fixture->dir);
  g_free (fixture->out);
}

static char *
export_as (Fixture            *fixture,
           BobbinExportFormat  format,
           const char         *name)
{
  g_autofree char *path = g_build_filename (fixture->out, name, NULL);
  g_autoptr(GError) error = NULL;
  struct stat about;

  export_to (fixture->store, bobbin_thread_get_id (fixture->thread), format, path, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);

  return read_text (path);
}

static void
assert_empty (const char *dir)
{
  g_autoptr(GDir) open = g_dir_open (dir, 0, NULL);

  g_assert_null (g_dir_read_name (open));
}

static void
test_html (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *html = export_as (fixture, BOBBIN_EXPORT_HTML, "a.html");

  g_assert_true (g_str_has_prefix (html, "<!DOCTYPE html>"));
  g_assert_nonnull (strstr (html, "<title>Harbour &lt;b&gt;&amp;&lt;/b&gt; &quot;sea&quot;</title>"));
  g_assert_nonnull (strstr (html, "prefers-color-scheme:dark"));
  g_assert_nonnull (strstr (html, "default-src 'none'"));
  g_assert_null (strstr (html, "<script"));
  g_assert_null (strstr (html, "<i>try"));
  g_assert_null (strstr (html, "href=\"javascript:"));
  g_assert_null (strstr (html, "src=\"http"));
  g_assert_nonnull (strstr (html, "<strong>bold</strong>"));
  g_assert_nonnull (strstr (html, "<code>x^2</code>"));
  g_assert_nonnull (strstr (html, "int x &lt; 1;"));
  g_assert_nonnull (strstr (html, "<th>&lt;b&gt;</th>"));
  g_assert_nonnull (strstr (html, "<summary>Tool get_weather (failed)</summary>"));
  g_assert_nonnull (strstr (html, "alt=\"sunset &amp; &lt;sea&gt;.png\" src=\"data:image/png;base64,iVBORw0KGgpub3QgcmVhbGx5\""));
  g_assert_nonnull (strstr (html, "<a download=\"a.csv\" href=\"data:application/octet-stream;base64,YSxiCjEsMgo=\">a.csv</a>"));
  g_assert_null (strstr (html, "an answer that is hidden"));
  g_assert_null (strstr (html, "first &lt;i&gt;"));
  g_assert_null (strstr (html, fixture->dir));
  g_assert_true (g_str_has_suffix (html, "</html>\n"));
}

static void
test_text (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *markdown = export_as (fixture, BOBBIN_EXPORT_MARKDOWN, "a.md");
  g_autofree char *text = export_as (fixture, BOBBIN_EXPORT_TEXT, "a.txt");

  g_assert_true (g_str_has_prefix (markdown, "# Harbour"));
  g_assert_nonnull (strstr (markdown, "## Ada · "));
  g_assert_nonnull (strstr (markdown, "· failed\n"));
  g_assert_nonnull (strstr (markdown, "> Hm.\n> \n> Well."));
  g_assert_nonnull (strstr (markdown, "````py'th on\na ``` b & <c>\n````"));
  g_assert_nonnull (strstr (markdown, "Attached: sunset & \\<sea\\>.png ("));
  g_assert_nonnull (strstr (markdown, "**T**\n\n|"));
  g_assert_nonnull (strstr (text, "second try"));
  g_assert_nonnull (strstr (text, "not json at all"));
  g_assert_null (strstr (text, "```py"));
  g_assert_null (strstr (markdown, "an answer that is hidden"));
  g_assert_null (strstr (markdown, fixture->dir));
  g_assert_null (strstr (text, fixture->dir));
}

/* Everything, to another profile, and out again. */
static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  gint64 id = bobbin_thread_get_id (fixture->thread);
  g_autofree char *json = export_as (fixture, BOBBIN_EXPORT_JSON, "a.json");
  g_autofree char *path = g_build_filename (fixture->out, "a.json", NULL);
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *there = fixture_open (dir, NULL);
  g_autoptr(BobbinAccount) account = fixture_add_account (there, "Work");
  g_autoptr(BobbinMessageRun) before = read_all (fixture->store, id);
  g_autoptr(BobbinMessageRun) after = NULL;
  g_autoptr(BobbinThread) thread = NULL;
  g_autoptr(BobbinThread) original = fixture_load_thread (fixture->store, id);
  g_autoptr(GError) error = NULL;
  BobbinImportSum sum;

  g_assert_nonnull (strstr (json, "\"exported_at\""));
  g_assert_null (strstr (json, fixture->dir));
  import_from (there, path, FALSE, &sum, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sum.n_threads, ==, 1);
  g_assert_cmpuint (sum.n_messages, ==, 4);
  thread = fixture_load_thread (there, id);
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, bobbin_thread_get_title (original));
  g_assert_cmpint (bobbin_thread_get_title_origin (thread), ==, bobbin_thread_get_title_origin (original));
  g_assert_cmpstr (bobbin_thread_get_server_id (thread), ==, "server-thread-1");
  g_assert_cmpstr (bobbin_thread_get_metadata (thread), ==, bobbin_thread_get_metadata (original));
  g_assert_cmpstr (bobbin_thread_get_snippet (thread), ==, bobbin_thread_get_snippet (original));
  g_assert_cmpint (bobbin_thread_get_created_us (thread), ==, bobbin_thread_get_created_us (original));
  g_assert_cmpint (bobbin_thread_get_last_used_us (thread), ==, bobbin_thread_get_last_used_us (original));
  g_assert_true (bobbin_thread_get_pinned (thread));

  after = read_all (there, id);
  g_assert_cmpuint (after->messages->len, ==, before->messages->len);
  for (guint i = 0; i < before->messages->len; i++)
    {
      BobbinMessage *a = before->messages->pdata[i];
      BobbinMessage *b = after->messages->pdata[i];

      g_assert_cmpint (bobbin_message_get_id (a), ==, bobbin_message_get_id (b));
      g_assert_cmpint (bobbin_message_get_version_of (a), ==, bobbin_message_get_version_of (b));
      g_assert_cmpint (g_array_index (before->hidden, gint64, i), ==, g_array_index (after->hidden, gint64, i));
      g_assert_cmpint (bobbin_message_get_role (a), ==, bobbin_message_get_role (b));
      g_assert_cmpint (bobbin_message_get_delivery (a), ==, bobbin_message_get_delivery (b));
      g_assert_cmpint (bobbin_message_get_created_us (a), ==, bobbin_message_get_created_us (b));
      g_assert_cmpstr (bobbin_message_get_server_id (a), ==, bobbin_message_get_server_id (b));
      g_assert_cmpmem (bobbin_message_get_usage (a), sizeof (BobbinUsage), bobbin_message_get_usage (b), sizeof (BobbinUsage));
      assert_same_content (a, b);
    }

  import_from (there, path, FALSE, &sum, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sum.n_threads, ==, 0);
  g_assert_cmpuint (sum.n_known, ==, 1);
  g_assert_cmpuint (sum.n_messages, ==, 0);
  assert_index_is_true (there);
  fixture_close (there);
  fixture_remove_dir (dir);
}

/* What was said since comes along; what is here stays. */
static void
test_grown (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *json = export_as (fixture, BOBBIN_EXPORT_JSON, "a.json");
  g_autofree char *path = g_build_filename (fixture->out, "a.json", NULL);
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *there = fixture_open (dir, NULL);
  g_autoptr(BobbinAccount) account = fixture_add_account (there, "Elsewhere");
  g_autoptr(BobbinMessage) more = NULL;
  g_autoptr(BobbinThread) thread = NULL;
  g_autofree char *newer = NULL;
  BobbinImportSum sum;

  g_assert_true (import_from (there, path, FALSE, &sum, NULL));
  more = fixture_add_message (fixture->store, fixture->thread, BOBBIN_ROLE_USER, "and one more");
  newer = export_as (fixture, BOBBIN_EXPORT_JSON, "a.json");
  g_assert_true (import_from (there, path, FALSE, &sum, NULL));
  g_assert_cmpuint (sum.n_grown, ==, 1);
  g_assert_cmpuint (sum.n_messages, ==, 1);

  /* It is another account's: the id on the server means nothing there. */
  thread = fixture_load_thread (there, bobbin_thread_get_id (fixture->thread));
  g_assert_null (bobbin_thread_get_server_id (thread));
  g_assert_cmpint (bobbin_thread_get_account_id (thread), ==, bobbin_account_get_id (account));
  g_assert_cmpstr (bobbin_thread_get_snippet (thread), ==, "and one more");
  fixture_close (there);
  fixture_remove_dir (dir);
}

static void
test_all (Fixture       *fixture,
          gconstpointer  data)
{
  static const char *const names[] = { "all.md", "all.html", "all.txt", "all.json", "all.zip" };
  g_autoptr(BobbinThread) other = fixture_add_thread (fixture->store, fixture->account, "Other", 1800000000000000);
  g_autoptr(BobbinThread) binned = fixture_add_thread (fixture->store, fixture->account, "Binned", 1800000000000001);
  g_autoptr(BobbinMessage) message = fixture_add_message (fixture->store, other, BOBBIN_ROLE_USER, "hello there");
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_set_deleted_us (binned, 5);
  result = WAIT (bobbin_store_save_thread_async, fixture->store, binned);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->out, names[i], NULL);
      BobbinExportFormat format = BOBBIN_EXPORT_MARKDOWN;
      g_autoptr(GError) error = NULL;
      BobbinExportSum sum;
      g_autofree char *text = NULL;

      bobbin_export_format_from_name (strchr (names[i], '.') + 1, &format);
      export_to (fixture->store, 0, format, path, &sum, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sum.n_threads, ==, 2);
      g_assert_cmpuint (sum.n_missing, ==, 0);
      text = read_text (path);
      if (i == 4)
        continue;
      g_assert_nonnull (strstr (text, "hello there"));
      g_assert_nonnull (strstr (text, "second try"));
      g_assert_null (strstr (text, "Binned"));
      if (i == 3)
        {
          g_autoptr(JsonObject) object = bobbin_json_parse_object (text, -1, &error);

          g_assert_no_error (error);
          g_assert_cmpuint (json_array_get_length (bobbin_json_get_array (object, "threads")), ==, 2);
        }
    }
}

/* Those that are picked, and no others, in each form. */
static void
test_picked (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(BobbinThread) first = fixture_add_thread (fixture->store, fixture->account, "First", 1800000000000000);
  g_autoptr(BobbinThread) second = fixture_add_thread (fixture->store, fixture->account, "Second", 1800000000000001);
  g_autoptr(BobbinMessage) one = fixture_add_message (fixture->store, first, BOBBIN_ROLE_USER, "words of the first");
  g_autoptr(BobbinMessage) two = fixture_add_message (fixture->store, second, BOBBIN_ROLE_USER, "words of the second");
  g_autofree char *path = g_build_filename (fixture->out, "picked.md", NULL);
  gint64 ids[] = { bobbin_thread_get_id (first), bobbin_thread_get_id (second) };

  for (guint i = 0; i < 2; i++)
    {
      /* By name, then all of the view but one. */
      g_autoptr(BobbinThreadPick) pick = bobbin_thread_pick_new (ids, i == 0 ? 2 : 1);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;
      BobbinExportSum sum;

      pick->all = i == 1;
      result = WAIT (bobbin_export_picked_async, fixture->store, pick, BOBBIN_EXPORT_MARKDOWN, path, NULL, NULL);
      g_assert_true (bobbin_export_finish (fixture->store, result, &sum, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (sum.n_threads, ==, 2);
      text = read_text (path);
      g_assert_true ((strstr (text, "words of the first") != NULL) == (i == 0));
      g_assert_nonnull (strstr (text, "words of the second"));
      g_assert_true ((strstr (text, "second try") != NULL) == (i == 1));
    }
}

static void
test_failures (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *path = g_build_filename (fixture->out, "x.md", NULL);
  g_autofree char *nowhere = g_build_filename (fixture->out, "no", "such", "x.md", NULL);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (export_to (fixture->store, 0, BOBBIN_EXPORT_JSON, path, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (export_to (fixture->store, 0, BOBBIN_EXPORT_JSON, nowhere, NULL, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_clear_error (&error);
  g_assert_false (export_to (fixture->store, 0, BOBBIN_EXPORT_JSON, fixture->out, NULL, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_clear_error (&error);
  g_assert_false (export_to (fixture->store, 12345, BOBBIN_EXPORT_JSON, path, NULL, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
  assert_empty (fixture->out);
}

static void
cancel_cb (guint64  n_done,
           guint64  total,
           gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* In the middle of it. */
static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *path = g_build_filename (fixture->out, "x.json", NULL);
  Answer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bobbin_export_async (fixture->store, 0, BOBBIN_EXPORT_JSON, path, cancel_cb, cancellable, cancellable, answer_cb, &answer);
  result = answer_wait (&answer);
  g_assert_false (bobbin_export_finish (fixture->store, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  assert_empty (fixture->out);
}

/* @thread_id: 0: nobody gets it. */
static void
save_label (BobbinStore *store,
            BobbinLabel *label,
            gint64       thread_id)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GAsyncResult) result = NULL;

  g_array_append_val (ids, thread_id);
  result = WAIT (bobbin_store_save_label_async, store, label, thread_id != 0 ? ids : NULL);
  g_assert_true (bobbin_store_finish (store, result, NULL));
}

static void
test_backup (Fixture       *fixture,
             gconstpointer  data)
{
  gint64 id = bobbin_thread_get_id (fixture->thread);
  g_autofree char *path = g_build_filename (fixture->out, "b.zip", NULL);
  g_autofree char *dir = fixture_make_dir ();
  BobbinStore *there = fixture_open (dir, NULL);
  g_autoptr(BobbinMessageRun) before = read_all (fixture->store, id);
  g_autoptr(BobbinMessageRun) after = NULL;
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (id);
  g_autoptr(BobbinAttachment) file = fixture_import (fixture->store, "plan.txt", "not sent");
  g_autoptr(BobbinAttachment) restored = NULL;
  g_autoptr(BobbinLabel) work = bobbin_label_new (0, "Work", BOBBIN_LABEL_RED);
  g_autoptr(BobbinLabel) ours = bobbin_label_new (0, "idea", BOBBIN_LABEL_BROWN);
  g_autoptr(BobbinLabel) theirs = bobbin_label_new (0, "Idea", BOBBIN_LABEL_BLUE);
  g_autoptr(BobbinThread) labelled = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinImportSum sum;

  save_label (fixture->store, work, id);
  save_label (fixture->store, theirs, id);
  save_label (there, ours, 0);
  bobbin_draft_set_text (draft, "not finished", 3);
  bobbin_draft_add_attachment (draft, file);
  result = WAIT (bobbin_store_save_draft_async, fixture->store, draft);
  back_up_to (fixture->store, path, &error);
  g_assert_no_error (error);

  g_assert_false (import_from (there, path, FALSE, &sum, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  g_assert_true (sum.is_backup);
  g_clear_error (&error);

  for (guint times = 0; times < 2; times++)
    {
      import_from (there, path, TRUE, &sum, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sum.n_threads, ==, times == 0 ? 1 : 0);
      g_assert_cmpuint (sum.n_accounts, ==, times == 0 ? 1 : 0);
      g_assert_cmpuint (sum.n_messages, ==, times == 0 ? 4 : 0);
    }
  after = read_all (there, id);
  for (guint i = 0; i < before->messages->len; i++)
    assert_same_content (before->messages->pdata[i], after->messages->pdata[i]);
  g_clear_object (&draft);
  g_clear_object (&result);
  result = WAIT (bobbin_store_load_draft_async, there, id);
  draft = bobbin_store_load_draft_finish (there, result, &error);
  g_assert_cmpstr (bobbin_draft_get_text (draft), ==, "not finished");
  restored = g_list_model_get_item (bobbin_draft_get_attachments (draft), 0);
  g_assert_nonnull (restored);
  assert_same_file (restored, file);
  /* A label of the same name is the same, and keeps its colour. */
  g_assert_cmpint (fixture_query (dir, "SELECT count(*) FROM labels"), ==, 2);
  labelled = fixture_load_thread (there, id);
  g_assert_true (bobbin_thread_has_label (labelled, bobbin_label_get_id (work)));
  g_assert_true (bobbin_thread_has_label (labelled, bobbin_label_get_id (ours)));
  g_assert_false (bobbin_thread_has_label (labelled, bobbin_label_get_id (theirs)));
  g_clear_object (&result);
  assert_index_is_true (there);
  fixture_close (there);
  fixture_remove_dir (dir);
}

#define ADD(path, test) g_test_add ("/export/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("html", test_html);
  ADD ("text", test_text);
  ADD ("round-trip", test_round_trip);
  ADD ("grown", test_grown);
  ADD ("all", test_all);
  ADD ("picked", test_picked);
  ADD ("failures", test_failures);
  ADD ("cancelled", test_cancelled);
  ADD ("backup", test_backup);

  return g_test_run ();
}
