#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "backend/bobbin-backend.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-network.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-id.h"
#include "util/bobbin-log.h"
#include "util/bobbin-redact.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_KEY_BYTES 65536

void
bobbin_cli_result_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

GAsyncResult *
bobbin_cli_await (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *slot;
}

static void
tell_report (const BobbinStoreReport *report)
{
  if (report->recovered)
    bobbin_cli_note (ngettext ("the database was damaged and %1$u conversation was recovered from it: the old file is kept as %2$s",
                               "the database was damaged and %1$u conversations were recovered from it: the old file is kept as %2$s",
                               report->salvaged_threads), report->salvaged_threads, report->broken_path);
  if (report->read_only)
    bobbin_cli_note (_("the profile cannot be written, for want of space or of rights: nothing of this run is kept"));
}

gboolean
bobbin_cli_context_open (BobbinCliContext *self,
                         GError          **error)
{
  g_autofree char *dir = g_build_filename (g_get_user_data_dir (), "bobbin", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;

  self->store = bobbin_sqlite_store_new (dir);
  bobbin_store_open_async (self->store, NULL, bobbin_cli_result_cb, &result);
  report = bobbin_store_open_finish (self->store, bobbin_cli_await (&result), error);
  if (report == NULL)
    {
      g_clear_object (&self->store);
      return FALSE;
    }

  tell_report (report);
  self->read_only = report->read_only;
  return TRUE;
}

gboolean
bobbin_cli_context_open_library (BobbinCliContext *self,
                                 GError          **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (!bobbin_cli_context_open (self, error))
    return FALSE;

  self->secrets = bobbin_service_secrets_new_impatient (BOBBIN_CLI_PATIENCE_MS);
  self->clock = bobbin_system_clock_new ();
  self->network = bobbin_network_new ();
  self->library = bobbin_library_new (self->store, self->secrets, self->clock, self->network);
  bobbin_library_set_adopts (self->library, FALSE);
  bobbin_library_load_async (self->library, NULL, bobbin_cli_result_cb, &result);

  return bobbin_library_load_finish (self->library, bobbin_cli_await (&result), error);
}

int
bobbin_cli_context_fail (const BobbinCliContext *self,
                         const GError           *error)
{
  if (self->read_only && g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE))
    return bobbin_cli_exit_status (BOBBIN_ERROR_STORE);

  return bobbin_cli_fail (error);
}

void
bobbin_cli_context_close (BobbinCliContext *self)
{
  if (self->library != NULL)
    bobbin_library_close (self->library);
  else if (self->store != NULL)
    bobbin_store_close (self->store);
  g_clear_object (&self->library);
  g_clear_object (&self->network);
  g_clear_object (&self->clock);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
}

GPtrArray *
bobbin_cli_list_accounts (BobbinCliContext *self,
                          GError          **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_store_list_accounts_async (self->store, NULL, bobbin_cli_result_cb, &result);

  return bobbin_store_list_accounts_finish (self->store, bobbin_cli_await (&result), error);
}

BobbinAccount *
bobbin_cli_find_account (GPtrArray  *accounts,
                         const char *name,
                         GError    **error)
{
  for (guint i = 0; i < accounts->len; i++)
    if (g_strcmp0 (bobbin_account_get_name (accounts->pdata[i]), name) == 0)
      return accounts->pdata[i];

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no account “%s”"), name);
  return NULL;
}

gboolean
bobbin_cli_can_reach (BobbinAccount *account,
                      GError       **error)
{
  if (bobbin_account_get_service (account) != BOBBIN_SERVICE_DEMO)
    return TRUE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED,
                       _("the demo agent answers in the window only: use another account, or one for “bobbin demo-server”"));
  return FALSE;
}

static BobbinThread *
find_thread_by (BobbinCliContext *self,
                gint64            local_id,
                const char       *server_id,
                GError          **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (server_id == NULL)
    bobbin_store_load_thread_async (self->store, local_id, NULL, bobbin_cli_result_cb, &result);
  else
    bobbin_store_find_thread_async (self->store, 0, server_id, NULL, bobbin_cli_result_cb, &result);

  return bobbin_store_load_thread_finish (self->store, bobbin_cli_await (&result), error);
}

BobbinThread *
bobbin_cli_find_thread (BobbinCliContext *self,
                        const char       *id,
                        GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  BobbinThread *thread = NULL;
  gint64 local_id;

  if (bobbin_id_parse (id, &local_id))
    thread = find_thread_by (self, local_id, NULL, &local_error);
  if (thread == NULL && local_error == NULL)
    thread = find_thread_by (self, 0, id, &local_error);
  if (thread == NULL && local_error == NULL)
    g_set_error (&local_error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no conversation “%s”"), id);
  if (thread == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return thread;
}

gboolean
bobbin_cli_lacks_keyring (BobbinCliContext *self,
                          GError          **error)
{
  if (bobbin_secrets_get_status (self->secrets) != BOBBIN_SECRETS_MEMORY)
    return FALSE;

  g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_AUTH,
                       _("no key is kept, as there is no Secret Service to keep it: start one (GNOME Keyring, KWallet, KeePassXC), "
                         "or give the key with --account-key-stdin"));
  return TRUE;
}

BobbinBackend *
bobbin_cli_ready_backend (BobbinCliContext *self,
                          BobbinAccount    *account,
                          const char       *key,
                          GError          **error)
{
  BobbinBackend *backend = bobbin_library_get_backend (self->library, account);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) local_error = NULL;
  char *stored;

  if (backend == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, _("the service “%s” does not exist in this version"),
                   bobbin_service_get_nick (bobbin_account_get_service (account)));
      return NULL;
    }

  if (key != NULL)
    {
      bobbin_backend_set_credential (backend, key);
      return backend;
    }

  bobbin_secrets_lookup_async (self->secrets, bobbin_account_get_id (account), BOBBIN_SECRET_KEY, NULL,
                               bobbin_cli_result_cb, &result);
  stored = bobbin_secrets_lookup_finish (self->secrets, bobbin_cli_await (&result), &local_error);
  if (stored != NULL)
    bobbin_backend_set_credential (backend, stored);
  else if (local_error == NULL && !bobbin_backend_can (backend, BOBBIN_CAN_WORK_KEYLESS))
    bobbin_cli_lacks_keyring (self, &local_error);
  bobbin_secret_free (stored);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return backend;
}

static gboolean
refuse_key_cb (const char *name,
               const char *value,
               gpointer    data,
               GError    **error)
{
  bobbin_redact_add_secret (value);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       _("a key given as an argument can be seen by every program on this computer: use the option that reads it "
                         "from standard input"));
  return FALSE;
}

gboolean
bobbin_cli_parse (int                 argc,
                  char              **argv,
                  const char         *parameters,
                  const char         *description,
                  const GOptionEntry *entries,
                  char             ***ret_rest)
{
  char **rest = NULL;
  gboolean verbose = FALSE;
  const GOptionEntry common[] = {
    { "key", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_CALLBACK, refuse_key_cb, NULL, NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, N_("Tell on standard error what is going on"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) options = g_option_context_new (parameters);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) args = g_new0 (char *, (gsize) argc + 1);

  for (int i = 0; i < argc; i++)
    args[i] = i == 0 ? g_strconcat ("bobbin ", argv[0], NULL) : g_strdup (argv[i]);
  g_option_context_set_description (options, description);
  g_option_context_set_translation_domain (options, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (options, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (options, common, GETTEXT_PACKAGE);
  g_set_prgname (args[0]);
  if (!g_option_context_parse_strv (options, &args, &error))
    {
      /* What follows a "=" may be a key that belongs to an option of another program. */
      bobbin_cli_usage ("%.*s", (int) strcspn (error->message, "="), error->message);
      g_strfreev (rest);
      return FALSE;
    }

  if (verbose)
    bobbin_log_set_verbose (TRUE);
  *ret_rest = rest != NULL ? rest : g_new0 (char *, 1);
  return TRUE;
}

gboolean
bobbin_cli_is_verbose (void)
{
  return bobbin_log_shows ("bobbin-cli", G_LOG_LEVEL_INFO);
}

/* From a terminal one line, from anything else all there is. FALSE when it cannot be read or is longer than @max. */
static gboolean
read_input (GByteArray *bytes,
            gsize       max,
            gboolean    is_terminal)
{
  guint8 buffer[4096];
  gssize n_read;

  while ((n_read = read (STDIN_FILENO, buffer, sizeof buffer)) != 0)
    {
      if (n_read < 0 && errno == EINTR)
        continue;
      if (n_read < 0 || bytes->len + (gsize) n_read > max)
        break;
      g_byte_array_append (bytes, buffer, (guint) n_read);
      if (is_terminal && memchr (buffer, '\n', (gsize) n_read) != NULL)
        break;
    }
  explicit_bzero (buffer, sizeof buffer);

  return n_read == 0 || (is_terminal && n_read > 0);
}

static gboolean
ask_terminal (GByteArray *bytes,
              gsize       max)
{
  struct termios before;
  struct termios silent;
  gboolean read_it;

  if (tcgetattr (STDIN_FILENO, &before) != 0)
    return FALSE;

  silent = before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  bobbin_cli_note (_("type the key, then Enter"));
  read_it = read_input (bytes, max, TRUE);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);

  return read_it;
}

/* Returns: (transfer full) (nullable): the line in @bytes without its end; NULL when it is not exactly one line of text. */
static char *
dup_line (GByteArray *bytes)
{
  gsize length = bytes->len;
  char *line;

  if (length > 0 && bytes->data[length - 1] == '\n')
    length--;
  if (length > 0 && bytes->data[length - 1] == '\r')
    length--;
  line = g_strndup ((const char *) bytes->data, length);
  if (length > 0 && strlen (line) == length && strpbrk (line, "\r\n") == NULL)
    return line;

  bobbin_secret_free (line);
  return NULL;
}

/* Takes the first line out of @bytes, which holds two. */
static char *
take_line (GByteArray *bytes)
{
  const guint8 *end = memchr (bytes->data, '\n', bytes->len);
  GByteArray *first = g_byte_array_sized_new (MAX_KEY_BYTES + 1);
  guint length = end != NULL ? (guint) (end - bytes->data) + 1 : bytes->len;
  char *line;

  g_byte_array_append (first, bytes->data, length);
  line = dup_line (first);
  explicit_bzero (first->data, first->len);
  g_byte_array_unref (first);
  memmove (bytes->data, bytes->data + length, bytes->len - length);
  explicit_bzero (bytes->data + bytes->len - length, length);
  g_byte_array_set_size (bytes, bytes->len - length);

  return line;
}

static gboolean
read_two_keys (char **ret_key,
               char **ret_second)
{
  GByteArray *bytes = g_byte_array_sized_new (2 * MAX_KEY_BYTES + 2);
  gboolean read_it = read_input (bytes, 2 * MAX_KEY_BYTES, FALSE);
  char *key = read_it ? take_line (bytes) : NULL;
  char *second = read_it ? dup_line (bytes) : NULL;

  bobbin_redact_add_secret (key);
  bobbin_redact_add_secret (second);
  explicit_bzero (bytes->data, bytes->len);
  g_byte_array_unref (bytes);
  if (key != NULL && second != NULL)
    {
      *ret_key = key;
      *ret_second = second;
      return TRUE;
    }

  bobbin_cli_usage (_("standard input is not two lines, the key and the model provider's key"));
  bobbin_secret_free (key);
  bobbin_secret_free (second);
  return FALSE;
}

gboolean
bobbin_cli_read_keys (char **ret_key,
                      char **ret_second)
{
  if (ret_key != NULL && ret_second != NULL && !isatty (STDIN_FILENO))
    return read_two_keys (ret_key, ret_second);
  if (ret_key != NULL && (*ret_key = bobbin_cli_read_key ()) == NULL)
    return FALSE;

  return ret_second == NULL || (*ret_second = bobbin_cli_read_key ()) != NULL;
}

char *
bobbin_cli_read_key (void)
{
  GByteArray *bytes = g_byte_array_sized_new (MAX_KEY_BYTES + 1); /* never moved: a copy left behind could not be wiped */
  gboolean read_it = isatty (STDIN_FILENO) ? ask_terminal (bytes, MAX_KEY_BYTES) : read_input (bytes, MAX_KEY_BYTES, FALSE);
  char *key = read_it ? dup_line (bytes) : NULL;

  if (!read_it)
    bobbin_cli_usage (_("the key on standard input cannot be read or is too long"));
  else if (bytes->len == 0)
    bobbin_cli_usage (_("there is no key on standard input"));
  else if (key == NULL)
    bobbin_cli_usage (_("the key on standard input is not one line of text"));
  bobbin_redact_add_secret (key);
  explicit_bzero (bytes->data, bytes->len);
  g_byte_array_unref (bytes);

  return key;
}
