#include "config.h"
#include "export-fixture.h"

#include "util/bobbin-json.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

typedef struct
{
  char          *dir;
  char          *out;
  BobbinStore   *store;
  BobbinAccount *account;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = fixture_make_dir ();
  fixture->out = fixture_make_dir ();
  fixture->store = fixture_open (fixture->dir, NULL);
  fixture->account = fixture_add_account (fixture->store, "Work");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->account);
  fixture_close (fixture->store);
  fixture_remove_dir (fixture->dir);
  fixture_remove_dir (fixture->out);
  g_free (fixture->dir);
  g_free (fixture->out);
}

/* The conversation in one line: "user: text; assistant: kind text". */
static char *
describe (BobbinStore *store,
          gint64       thread_id)
{
  g_autoptr(GPtrArray) messages = fixture_list_messages (store, thread_id);
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      g_string_append_printf (out, "%s%s:", i > 0 ? "; " : "", bobbin_role_get_nick (bobbin_message_get_role (messages->pdata[i])));
      for (guint n = 0; n < bobbin_message_get_n_blocks (messages->pdata[i]); n++)
        {
          BobbinBlock *block = bobbin_message_get_block (messages->pdata[i], n);

          if (bobbin_block_get_kind (block) != BOBBIN_BLOCK_TEXT)
            g_string_append_printf (out, " [%s]", bobbin_block_kind_get_nick (bobbin_block_get_kind (block)));
          if (bobbin_block_get_length (block) > 0)
            g_string_append_printf (out, " %s", bobbin_block_get_text (block));
          if (bobbin_block_get_name (block) != NULL)
            g_string_append_printf (out, " %s", bobbin_block_get_name (block));
          if (bobbin_block_get_data (block) != NULL)
            g_string_append_printf (out, " %s", bobbin_block_get_data (block));
          if (bobbin_block_get_result (block) != NULL)
            g_string_append_printf (out, " = %s", bobbin_block_get_result (block));
          if (bobbin_block_get_attachment (block) != NULL)
            g_string_append_printf (out, " <%s>", bobbin_attachment_get_name (bobbin_block_get_attachment (block)));
        }
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gint64
only_thread (BobbinStore *store)
{
  g_autoptr(GPtrArray) threads = fixture_list_threads (store, BOBBIN_FOLDER_ACTIVE, 0);

  g_assert_cmpuint (threads->len, ==, 1);

  return bobbin_thread_get_id (threads->pdata[0]);
}

static const char agentflow[] =
  "{\"thread\":{\"thread_id\":\"91d4\",\"thread_name\":\"Tides\",\"created_at\":\"2026-03-01T10:00:00Z\"},"
  "\"messages\":["
  "{\"message_id\":7,\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"When is high water?\"}],\"timestamp\":1772359200.5},"
  "{\"message_id\":\"e3\",\"role\":\"assistant\",\"reasoning\":\"Look.\",\"content\":[{\"type\":\"text\",\"text\":\"One moment.\"},"
  "{\"type\":\"tool_call\",\"id\":\"c1\",\"name\":\"tides\",\"args\":{\"port\":\"Cadiz\"}}],\"timestamp\":1772359201},"
  "{\"message_id\":\"0d\",\"role\":\"tool\",\"content\":[{\"type\":\"tool_result\",\"call_id\":\"c1\",\"output\":[{\"high\":\"14:52\"}]}]},"
  "{\"role\":\"ai\",\"content\":\"At **14:52**.\"},"
  "{\"role\":\"assistant\",\"content\":[{\"type\":\"holo\",\"x\":1}]}],"
  "\"state\":{\"step\":3},\"exported_at\":\"2026-03-02T00:00:00Z\"}";

static void
test_agentflow (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *words = NULL;
  g_autoptr(BobbinThread) thread = NULL;
  BobbinImportSum sum;

  for (guint times = 0; times < 2; times++)
    {
      import_text (fixture->store, fixture->out, agentflow, &sum, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sum.n_threads, ==, times == 0 ? 1 : 0);
      g_assert_cmpuint (sum.n_known, ==, times == 0 ? 0 : 1);
    }
  words = describe (fixture->store, only_thread (fixture->store));
  g_assert_cmpstr (words, ==,
                   "user: When is high water?; "
                   "assistant: [thinking] Look. One moment. [tool-call] tides {\"port\":\"Cadiz\"} = [{\"high\":\"14:52\"}]; "
                   "assistant: At **14:52**.; assistant: [unknown] holo {\"type\":\"holo\",\"x\":1}");
  thread = fixture_load_thread (fixture->store, only_thread (fixture->store));
  g_assert_cmpstr (bobbin_thread_get_title (thread), ==, "Tides");
  g_assert_nonnull (strstr (bobbin_thread_get_metadata (thread), "\"step\":3"));
  g_assert_cmpint (bobbin_thread_get_created_us (thread), ==, 1772359200000000);
  g_assert_cmpint (bobbin_thread_get_last_used_us (thread), ==, 1772359201000000);
}

/* A prompt that was edited, and of the second version an answer that was made again; current_node is the last answer. */
#define NODE(id, parent, children, message) "\"" id "\":{\"id\":\"" id "\",\"parent\":" parent ",\"children\":[" children "],\"message\":" message "}"
#define SAID(role, time, content) "{\"author\":{\"role\":\"" role "\"},\"create_time\":" time ",\"recipient\":\"all\",\"content\":" content "}"
#define TEXT(words) "{\"content_type\":\"text\",\"parts\":[\"" words "\"]}"

static const char chatgpt[] =
  "[{\"title\":\"Squares\",\"conversation_id\":\"conv-1\",\"create_time\":1700000000.25,\"update_time\":1700000100,\"current_node\":\"a3\","
  "\"mapping\":{"
  NODE ("root", "null", "\"sys\"", "null") ","
  NODE ("sys", "\"root\"", "\"u1\",\"u2\"", SAID ("system", "null", TEXT (""))) ","
  NODE ("u1", "\"sys\"", "\"a1\"", SAID ("user", "1700000001", TEXT ("first"))) ","
  NODE ("a1", "\"u1\"", "", SAID ("assistant", "1700000002", TEXT ("to the first"))) ","
  NODE ("u2", "\"sys\"", "\"a2\",\"c3\"",
        "{\"author\":{\"role\":\"user\"},\"create_time\":1700000003,\"content\":{\"content_type\":\"multimodal_text\",\"parts\":["
        "{\"content_type\":\"image_asset_pointer\",\"asset_pointer\":\"file-service://file-AbC12345\"},\"second\"]},"
        "\"metadata\":{\"attachments\":[{\"id\":\"file-Zz998877\",\"name\":\"notes.txt\",\"mimeType\":\"text/plain\"}]}}") ","
  NODE ("a2", "\"u2\"", "", SAID ("assistant", "1700000004", TEXT ("to the second"))) ","
  NODE ("c3", "\"u2\"", "\"t3\"",
        "{\"author\":{\"role\":\"assistant\"},\"create_time\":1700000005,\"recipient\":\"python\",\"content\":"
        "{\"content_type\":\"code\",\"language\":\"unknown\",\"text\":\"print(8*8)\"}}") ","
  NODE ("t3", "\"c3\"", "\"a3\"",
        "{\"author\":{\"role\":\"tool\",\"name\":\"python\"},\"create_time\":1700000006,\"recipient\":\"all\",\"content\":"
        "{\"content_type\":\"execution_output\",\"text\":\"64\"}}") ","
  NODE ("a3", "\"t3\"", "\"u4\"", SAID ("assistant", "1700000007", TEXT ("again to the second"))) ","
  NODE ("u4", "\"a3\"", "", SAID ("user", "1700000008", TEXT ("thanks")))
  "}}, {\"title\":\"no conversation\"}]";

static void
show_version (BobbinStore *store,
              gint64       thread_id,
              gint64       message_id,
              int          step)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_show_version_async, store, thread_id, message_id, step);

  g_assert_true (bobbin_store_finish (store, result, NULL));
}

static void
test_chatgpt (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *first = NULL;
  g_autofree char *back = NULL;
  g_autoptr(GPtrArray) messages = NULL;
  BobbinImportSum sum;
  gint64 id;

  import_text (fixture->store, fixture->out, chatgpt, &sum, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sum.n_threads, ==, 1);
  id = only_thread (fixture->store);
  shown = describe (fixture->store, id);
  g_assert_cmpstr (shown, ==,
                   "user: [image] {\"file_id\":\"file-AbC12345\"} second "
                   "[file] {\"file_id\":\"file-Zz998877\",\"name\":\"notes.txt\"}; "
                   "assistant: [tool-call] python \"print(8*8)\" = \"64\" again to the second; user: thanks");
  messages = fixture_list_messages (fixture->store, id);
  g_assert_cmpuint (bobbin_message_get_n_versions (messages->pdata[0]), ==, 3);
  show_version (fixture->store, id, bobbin_message_get_id (messages->pdata[0]), -1);
  first = describe (fixture->store, id);
  g_assert_cmpstr (first, ==, "user: first; assistant: to the first");
  show_version (fixture->store, id, bobbin_message_get_version_of (messages->pdata[0]), 1);
  back = describe (fixture->store, id);
  g_assert_cmpstr (back, ==, shown);

  import_text (fixture->store, fixture->out, chatgpt, &sum, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sum.n_known, ==, 1);
  g_assert_cmpuint (sum.n_messages, ==, 0);
}

static void
put (struct archive *zip,
     const char     *name,
     const char     *bytes,
     gsize           length)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) length);
  g_assert_cmpint (archive_write_header (zip, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (zip, bytes, length), ==, (int) length);
  archive_entry_free (entry);
}

static struct archive *
open_zip (const char *path)
{
  struct archive *zip = archive_write_new ();

  archive_write_set_format_zip (zip);
  g_assert_cmpint (archive_write_open_filename (zip, path), ==, ARCHIVE_OK);

  return zip;
}

static void
test_chatgpt_zip (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->out, "export.zip", NULL);
  struct archive *zip = open_zip (path);
  g_autoptr(GError) error = NULL;
  g_autofree char *shown = NULL;
  BobbinImportSum sum;

  put (zip, "user.json", "{\"id\":\"me\"}", 11);
  put (zip, "../../../../evil.json", "{\"messages\":[]}", 15);
  put (zip, "conversations.json", chatgpt, strlen (chatgpt));
  put (zip, "dalle/file-AbC12345-sunset.png", "\x89PNG\r\n\x1a\n", 8);
  put (zip, "file-AbC123456789-other.png", "x", 1);
  archive_write_close (zip);
  archive_write_free (zip);

  import_from (fixture->store, path, FALSE, &sum, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sum.n_threads, ==, 2); /* the empty one of the evil name is one, too: a name is only a name */
  {
    g_autoptr(GPtrArray) threads = fixture_list_threads (fixture->store, BOBBIN_FOLDER_ACTIVE, 0);

    for (guint i = 0; i < threads->len; i++)
      if (g_strcmp0 (bobbin_thread_get_title (threads->pdata[i]), "Squares") == 0)
        shown = describe (fixture->store, bobbin_thread_get_id (threads->pdata[i]));
  }
  g_assert_nonnull (strstr (shown, "[image] <sunset.png> second [file] {\"file_id\":\"file-Zz998877\""));
  g_assert_false (g_file_test ("../../../../evil.json", G_FILE_TEST_EXISTS));
}

static const char *const unfit[] = {
  "", "   ", "hello", "7", "{", "[", "[1,2,3]", "{}", "[]", "{\"messages\":7}", "{\"threads\":[{\"messages\":[{}", "null", "\"x\"",
  "[{\"mapping\":", "{\"mapping\":[]}", "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", "{\"messages\":[{]}",
};

static void
test_unfit (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autofree char *deep = g_strconcat ("{\"messages\":[{\"role\":\"user\",\"content\":", brackets, NULL);
  BobbinImportSum sum;

  for (guint i = 0; i <= G_N_ELEMENTS (unfit); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%.60s", i < G_N_ELEMENTS (unfit) ? unfit[i] : deep);
      g_assert_false (import_text (fixture->store, fixture->out, i < G_N_ELEMENTS (unfit) ? unfit[i] : deep, &sum, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "given.json"));
      g_assert_cmpuint (sum.n_threads, ==, 0);
    }
}

/* Wrong types everywhere: what can be read is, the rest is passed over. */
static void
test_odd (Fixture       *fixture,
          gconstpointer  data)
{
  static const char *const odd[] = {
    "{\"thread\":[1],\"messages\":[1,null,\"x\",{},{\"role\":7,\"content\":{\"a\":1}},{\"role\":\"user\",\"content\":[null,3,[],{\"kind\":5}]}],"
    "\"title\":{},\"created\":\"never\",\"metadata\":3}",
    "{\"thread\":\"zzzzzzzzzzzzz\",\"messages\":[{\"message\":\"zzzzzzzzzzzzz\",\"role\":\"user\",\"timestamp\":\"9999-01-01T00:00:00Z\","
    "\"state\":\"queued\",\"version_of\":\"nobody\",\"hidden_by\":\"nobody\",\"usage\":[],\"failure\":\"x\",\"content\":[{\"kind\":\"no-such\",\"data\":null,"
    "\"attachment\":{\"name\":\"../../x\",\"data\":\"!!!not base64\"}},{\"kind\":\"approval\",\"state\":\"open\"}]}]}",
    "[{\"mapping\":{\"a\":{\"parent\":\"b\",\"children\":[\"b\"]},\"b\":{\"parent\":\"a\",\"children\":[\"a\"]},\"c\":7,\"d\":{\"message\":{\"author\":5,"
    "\"content\":{\"parts\":7}},\"children\":[\"d\",9,\"e\"]},\"e\":{\"parent\":\"d\",\"message\":{\"author\":{\"role\":\"user\"},\"content\":\"x\"},\"children\":"
    "[\"d\",\"e\"]}},\"current_node\":\"a\",\"create_time\":1e300}]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr(GError) error = NULL;
      BobbinImportSum sum;

      import_text (fixture->store, fixture->out, odd[i], &sum, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sum.n_threads, ==, 1);
    }
  g_assert_cmpint (fixture_query (fixture->dir, "SELECT count(*) FROM messages WHERE delivery IN ('queued', 'sending')"), ==, 0);
  g_assert_cmpint (fixture_query (fixture->dir, "SELECT count(*) FROM blocks WHERE state = 'open'"), ==, 0);
  assert_index_is_true (fixture->store);
}

/* A file whose ids are those of messages that are here in another conversation overwrites nothing. */
static void
test_stolen_ids (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(BobbinThread) thread = fixture_add_thread (fixture->store, fixture->account, "Mine", 1700000000000000);
  g_autoptr(BobbinMessage) message = fixture_add_message (fixture->store, thread, BOBBIN_ROLE_USER, "my words");
  g_autofree char *id = bobbin_id_to_string (bobbin_message_get_id (message));
  g_autofree char *json = g_strdup_printf ("{\"thread\":\"foreign\",\"messages\":[{\"message\":\"%s\",\"role\":\"user\",\"content\":"
                                           "[{\"kind\":\"text\",\"text\":\"theirs\"}]}]}", id);
  g_autoptr(GError) error = NULL;
  g_autofree char *words = NULL;
  BobbinImportSum sum;

  import_text (fixture->store, fixture->out, json, &sum, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sum.n_unfit, ==, 1);
  g_assert_cmpuint (sum.n_threads, ==, 0);
  words = describe (fixture->store, only_thread (fixture->store));
  g_assert_cmpstr (words, ==, "user: my words");
}

/* A small archive that holds a lot of blanks. */
static void
test_bomb (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->out, "bomb.zip", NULL);
  struct archive *zip = open_zip (path);
  gsize length = 16 * 1024 * 1024;
  g_autofree char *blanks = g_strnfill (length, ' ');
  struct archive_entry *entry = archive_entry_new ();
  g_autoptr(GError) error = NULL;
  BobbinImportSum sum;

  archive_entry_set_pathname (entry, "conversations.json");
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  g_assert_cmpint (archive_write_header (zip, entry), ==, ARCHIVE_OK);
  for (guint i = 0; i < 5; i++)
    archive_write_data (zip, blanks, length);
  archive_entry_free (entry);
  archive_write_close (zip);
  archive_write_free (zip);

  g_assert_false (import_from (fixture->store, path, FALSE, &sum, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
}

static void
test_files (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *absent = g_build_filename (fixture->out, "absent.json", NULL);
  g_autofree char *cut = g_build_filename (fixture->out, "cut.zip", NULL);
  g_autoptr(GError) error = NULL;
  BobbinImportSum sum;

  g_assert_false (import_from (fixture->store, absent, FALSE, &sum, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_clear_error (&error);
  g_assert_false (import_from (fixture->store, fixture->out, FALSE, &sum, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE);
  g_clear_error (&error);
  fixture_write (fixture->out, "cut.zip", "PK\003\004\024\0\0\0\010\0garbage", 17);
  g_assert_false (import_from (fixture->store, cut, FALSE, &sum, &error));
  g_assert_true (error->domain == BOBBIN_ERROR);
}

#define ADD(path, test) g_test_add ("/import/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("agentflow", test_agentflow);
  ADD ("chatgpt", test_chatgpt);
  ADD ("chatgpt-zip", test_chatgpt_zip);
  ADD ("unfit", test_unfit);
  ADD ("odd", test_odd);
  ADD ("stolen-ids", test_stolen_ids);
  ADD ("bomb", test_bomb);
  ADD ("files", test_files);

  return g_test_run ();
}
