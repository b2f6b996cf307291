/* BobbinSecrets in memory and over a real keyring in every state of it. libsecret keeps the bus connection for the life of the
 * process, so each keyring test runs in a process of its own. */
#include "config.h"

#include "keyring.h"
#include "secret/bobbin-secrets.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <string.h>

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static char *
lookup (BobbinSecrets   *secrets,
        gint64           account_id,
        BobbinSecretKind kind,
        GCancellable    *cancellable,
        GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_secrets_lookup_async (secrets, account_id, kind, cancellable, result_cb, &result);
  wait_for (&result);

  return bobbin_secrets_lookup_finish (secrets, result, error);
}

static gboolean
store (BobbinSecrets   *secrets,
       gint64           account_id,
       BobbinSecretKind kind,
       const char      *secret,
       GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_secrets_store_async (secrets, account_id, kind, "Bobbin: Test", secret, NULL, result_cb, &result);
  wait_for (&result);

  return bobbin_secrets_store_finish (secrets, result, error);
}

static gboolean
clear (BobbinSecrets *secrets,
       gint64         account_id,
       GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_secrets_clear_async (secrets, account_id, NULL, result_cb, &result);
  wait_for (&result);

  return bobbin_secrets_clear_finish (secrets, result, error);
}

/* @expected NULL: none is stored. */
#define assert_secret(secrets, id, kind, expected) \
  G_STMT_START { \
    g_autoptr(GError) assert_error = NULL; \
    char *assert_text = lookup (secrets, id, kind, NULL, &assert_error); \
    g_assert_no_error (assert_error); \
    g_assert_cmpstr (assert_text, ==, expected); \
    bobbin_secret_free (assert_text); \
  } G_STMT_END

#define assert_stores(secrets, id, kind, text) \
  G_STMT_START { \
    g_autoptr(GError) assert_error = NULL; \
    store (secrets, id, kind, text, &assert_error); \
    g_assert_no_error (assert_error); \
  } G_STMT_END

static void
assert_contract (BobbinSecrets *secrets)
{
  g_autoptr(GError) error = NULL;

  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, NULL);
  assert_stores (secrets, 1, BOBBIN_SECRET_KEY, "sk-one");
  assert_stores (secrets, 1, BOBBIN_SECRET_PROVIDER_KEY, "sk-provider");
  assert_stores (secrets, 2, BOBBIN_SECRET_KEY, "clé ünïcode 🎉");
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, "sk-one");
  assert_secret (secrets, 1, BOBBIN_SECRET_PROVIDER_KEY, "sk-provider");
  assert_secret (secrets, 2, BOBBIN_SECRET_PROVIDER_KEY, NULL);
  assert_stores (secrets, 1, BOBBIN_SECRET_KEY, "sk-new");
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, "sk-new");
  clear (secrets, 1, &error);
  g_assert_no_error (error);
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, NULL);
  assert_secret (secrets, 1, BOBBIN_SECRET_PROVIDER_KEY, NULL);
  assert_secret (secrets, 2, BOBBIN_SECRET_KEY, "clé ünïcode 🎉");
}

static void
test_memory (void)
{
  BobbinSecrets *secrets = bobbin_memory_secrets_new ();

  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_MEMORY);
  assert_contract (secrets);
  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_MEMORY);
  g_assert_finalize_object (secrets);
}

static void
test_free (void)
{
  bobbin_secret_free (NULL);
  bobbin_secret_free (g_strdup (""));
  bobbin_secret_free (g_strdup ("x"));
}

/* TRUE in the process that shall run the test. */
static gboolean
in_subprocess (void)
{
  if (g_test_subprocess ())
    return TRUE;

  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();

  return FALSE;
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  ++*(guint *) user_data;
}

static void
test_unlocked (void)
{
  g_autoptr(BobbinSecrets) first = NULL;
  g_autoptr(BobbinSecrets) second = NULL;
  Keyring *keyring;
  guint notified = 0;

  if (!in_subprocess ())
    return;

  keyring = keyring_new (KEYRING_UNLOCKED);
  first = bobbin_service_secrets_new ();
  g_signal_connect (first, "notify::status", G_CALLBACK (count_cb), &notified);
  g_assert_cmpint (bobbin_secrets_get_status (first), ==, BOBBIN_SECRETS_UNKNOWN);
  assert_contract (first);
  g_assert_cmpint (bobbin_secrets_get_status (first), ==, BOBBIN_SECRETS_PERSISTENT);
  g_assert_cmpuint (notified, ==, 1);

  /* Another run of the program: nothing in memory. */
  second = bobbin_service_secrets_new ();
  assert_secret (second, 1, BOBBIN_SECRET_KEY, NULL);
  assert_secret (second, 1, BOBBIN_SECRET_PROVIDER_KEY, NULL);
  assert_secret (second, 2, BOBBIN_SECRET_KEY, "clé ünïcode 🎉");
  keyring_free (keyring);
}

static void
test_item (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autoptr(GHashTable) attributes = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *label = NULL;
  g_autofree char *id = bobbin_id_to_string (7);
  Keyring *keyring;
  GList *items;

  if (!in_subprocess ())
    return;

  keyring = keyring_new (KEYRING_UNLOCKED);
  secrets = bobbin_service_secrets_new ();
  assert_stores (secrets, 7, BOBBIN_SECRET_KEY, "k");
  attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (attributes, "account-id", id);
  g_hash_table_insert (attributes, "kind", "key");
  g_hash_table_insert (attributes, "xdg:schema", BOBBIN_APP_ID);
  items = secret_service_search_sync (NULL, NULL, attributes, SECRET_SEARCH_ALL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (items), ==, 1);
  label = secret_item_get_label (items->data);
  g_assert_cmpstr (label, ==, "Bobbin: Test");
  g_list_free_full (items, g_object_unref);
  keyring_free (keyring);
}

static void
assert_absent (BobbinSecrets *secrets)
{
  g_autoptr(GError) error = NULL;

  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, NULL);
  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_MEMORY);
  g_assert_false (store (secrets, 1, BOBBIN_SECRET_KEY, "kept", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);
  g_assert_null (strstr (error->message, "kept"));
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, "kept");
  g_clear_error (&error);
  clear (secrets, 1, &error);
  g_assert_no_error (error);
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, NULL);
}

static void
test_absent (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = keyring_new (KEYRING_ABSENT);
  secrets = bobbin_service_secrets_new ();
  assert_absent (secrets);

  /* It may come later, at the start of a session. */
  keyring_start (keyring);
  assert_stores (secrets, 1, BOBBIN_SECRET_KEY, "late");
  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_PERSISTENT);
  keyring_free (keyring);
}

static void
test_no_bus (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;

  if (!in_subprocess ())
    return;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  secrets = bobbin_service_secrets_new ();
  assert_absent (secrets);
}

/* A keyring with a key of account 1, locked since. */
static Keyring *
locked_keyring (void)
{
  Keyring *keyring = keyring_new (KEYRING_UNLOCKED);
  g_autoptr(BobbinSecrets) before = bobbin_service_secrets_new ();

  assert_stores (before, 1, BOBBIN_SECRET_KEY, "there");
  keyring_lock (keyring);

  return keyring;
}

static void
assert_locked (BobbinSecrets *secrets,
               gint64         account_id)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (lookup (secrets, account_id, BOBBIN_SECRET_KEY, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);
  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_LOCKED);
}

static void
test_locked_dismissed (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autoptr(GError) error = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = locked_keyring ();
  secrets = bobbin_service_secrets_new ();
  assert_locked (secrets, 1);
  assert_locked (secrets, 5); /* nothing of it is seen, which proves nothing while it is locked */
  g_assert_false (store (secrets, 2, BOBBIN_SECRET_KEY, "passing", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);
  assert_secret (secrets, 2, BOBBIN_SECRET_KEY, "passing");
  g_clear_error (&error);
  g_assert_false (clear (secrets, 1, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);

  keyring_unlock (keyring);
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, "there");
  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_PERSISTENT);
  keyring_free (keyring);
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return G_SOURCE_REMOVE;
}

static void
test_locked_cancelled (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autoptr(BobbinSecrets) impatient = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = locked_keyring ();
  keyring_add_silent_prompter (keyring);
  secrets = bobbin_service_secrets_new ();
  g_timeout_add (100, cancel_cb, cancellable);
  g_assert_null (lookup (secrets, 1, BOBBIN_SECRET_KEY, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  /* Cancelled before it began. */
  g_assert_null (lookup (secrets, 1, BOBBIN_SECRET_KEY, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  impatient = bobbin_service_secrets_new_impatient (100);
  assert_locked (impatient, 1);
  g_assert_false (store (impatient, 2, BOBBIN_SECRET_KEY, "x", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);
  keyring_free (keyring);
}

static void
test_killed (void)
{
  g_autoptr(BobbinSecrets) first = NULL;
  g_autoptr(BobbinSecrets) second = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = keyring_new (KEYRING_UNLOCKED);
  first = bobbin_service_secrets_new ();
  assert_stores (first, 1, BOBBIN_SECRET_KEY, "one");
  assert_stores (first, 2, BOBBIN_SECRET_KEY, "two");
  second = bobbin_service_secrets_new ();
  assert_secret (second, 1, BOBBIN_SECRET_KEY, "one");

  keyring_kill (keyring);
  keyring_start (keyring);
  assert_secret (second, 2, BOBBIN_SECRET_KEY, "two");
  keyring_kill (keyring);
  keyring_start (keyring);
  assert_stores (second, 3, BOBBIN_SECRET_KEY, "three");
  keyring_free (keyring);
}

/* The bus starts the successor itself, and that one is locked: not the same as "no key is stored". */
static void
test_killed_activated (void)
{
  g_autoptr(BobbinSecrets) first = NULL;
  g_autoptr(BobbinSecrets) second = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = keyring_new (KEYRING_ACTIVATABLE);
  keyring_start (keyring);
  first = bobbin_service_secrets_new ();
  assert_stores (first, 1, BOBBIN_SECRET_KEY, "one");
  assert_stores (first, 2, BOBBIN_SECRET_KEY, "two");
  second = bobbin_service_secrets_new ();
  assert_secret (second, 1, BOBBIN_SECRET_KEY, "one");
  keyring_kill (keyring);
  assert_locked (second, 2);
  assert_secret (second, 1, BOBBIN_SECRET_KEY, "one"); /* from memory */
  keyring_free (keyring);
}

static gboolean
kill_cb (gpointer keyring)
{
  keyring_kill (keyring);

  return G_SOURCE_REMOVE;
}

static void
test_killed_asking (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = locked_keyring ();
  keyring_add_silent_prompter (keyring);
  secrets = bobbin_service_secrets_new ();
  g_timeout_add (100, kill_cb, keyring);
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, NULL);
  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_MEMORY);
  keyring_free (keyring);
}

static void
test_hung (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autoptr(GError) error = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = keyring_new (KEYRING_UNLOCKED);
  secrets = bobbin_service_secrets_new_impatient (200);
  assert_stores (secrets, 1, BOBBIN_SECRET_KEY, "one");
  keyring_signal (keyring, SIGSTOP);
  g_assert_false (store (secrets, 2, BOBBIN_SECRET_KEY, "two", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);
  g_clear_error (&error);
  g_assert_false (clear (secrets, 1, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);
  keyring_signal (keyring, SIGCONT);
  keyring_free (keyring);
}

static void
test_never_unlocked (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autoptr(GError) error = NULL;
  Keyring *keyring;

  if (!in_subprocess ())
    return;

  keyring = keyring_new (KEYRING_ACTIVATABLE);
  keyring_add_silent_prompter (keyring);
  secrets = bobbin_service_secrets_new_impatient (500);
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, NULL);
  g_assert_false (store (secrets, 1, BOBBIN_SECRET_KEY, "one", &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SECRET);
  g_assert_cmpint (bobbin_secrets_get_status (secrets), ==, BOBBIN_SECRETS_LOCKED);
  assert_secret (secrets, 1, BOBBIN_SECRET_KEY, "one");
  keyring_free (keyring);
}

/* What a sandbox uses behind the Secret portal: a file of the program's own. */
static void
test_file (void)
{
  g_autoptr(BobbinSecrets) secrets = NULL;
  g_autofree char *dir = NULL;
  g_autofree char *path = NULL;

  if (g_test_subprocess ())
    {
      secrets = bobbin_service_secrets_new ();
      assert_contract (secrets);
      return;
    }

  dir = g_dir_make_tmp ("bobbin-file-XXXXXX", NULL);
  path = g_build_filename (dir, "keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv ("SECRET_BACKEND");
  g_test_trap_assert_passed ();
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secrets/memory", test_memory);
  g_test_add_func ("/secrets/free", test_free);
  g_test_add_func ("/secrets/unlocked", test_unlocked);
  g_test_add_func ("/secrets/item", test_item);
  g_test_add_func ("/secrets/absent", test_absent);
  g_test_add_func ("/secrets/no-bus", test_no_bus);
  g_test_add_func ("/secrets/locked-dismissed", test_locked_dismissed);
  g_test_add_func ("/secrets/locked-cancelled", test_locked_cancelled);
  g_test_add_func ("/secrets/killed", test_killed);
  g_test_add_func ("/secrets/killed-activated", test_killed_activated);
  g_test_add_func ("/secrets/killed-asking", test_killed_asking);
  g_test_add_func ("/secrets/hung", test_hung);
  g_test_add_func ("/secrets/never-unlocked", test_never_unlocked);
  g_test_add_func ("/secrets/file", test_file);

  return g_test_run ();
}
