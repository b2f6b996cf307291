/* What the commands share: exit statuses, words, the parts of the core put together, waiting. */
#pragma once

#include "bobbin-types.h"
#include "model/bobbin-account.h"
#include "secret/bobbin-secrets.h"
#include "session/bobbin-library.h"
#include "store/bobbin-store.h"
#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

enum
{
  BOBBIN_EXIT_DONE = 0,
  BOBBIN_EXIT_FAILED = 1,
  BOBBIN_EXIT_USAGE = 2,
  BOBBIN_EXIT_AUTH = 3,
  BOBBIN_EXIT_NETWORK = 4,
  BOBBIN_EXIT_SERVER = 5,
};

/* The longest wait for a prompt of the keyring, in milliseconds (product promise: scripts do not hang). */
#define BOBBIN_CLI_PATIENCE_MS 5000

/* Commands; @argv[0] is the command's name. */
int bobbin_cli_accounts (int argc, char **argv);
int bobbin_cli_ask      (int argc, char **argv);
int bobbin_cli_threads  (int argc, char **argv);
int bobbin_cli_show     (int argc, char **argv);
int bobbin_cli_search   (int argc, char **argv);
int bobbin_cli_state    (int argc, char **argv);
int bobbin_cli_metadata (int argc, char **argv);
int bobbin_cli_export   (int argc, char **argv);
int bobbin_cli_import   (int argc, char **argv);
int bobbin_cli_search_provider (int argc, char **argv);

/* The parts, put together for one run. Zero-initialised before open. */
typedef struct
{
  BobbinStore   *store;
  BobbinSecrets *secrets;
  BobbinClock   *clock;
  BobbinNetwork *network;
  BobbinLibrary *library; /* NULL when opened without */
  gboolean       read_only; /* told when it was opened */
} BobbinCliContext;

/* Opens the profile; says on stderr what the person should know of it (recovered, read-only). */
gboolean bobbin_cli_context_open         (BobbinCliContext *self, GError **error);
/* The same, and the library above it, loaded. */
gboolean bobbin_cli_context_open_library (BobbinCliContext *self, GError **error);
/* Saves what is pending. Harmless after a failed open. */
void     bobbin_cli_context_close        (BobbinCliContext *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BobbinCliContext, bobbin_cli_context_close)

/* Borrowed or new things of the profile; NULL with error. */
GPtrArray    *bobbin_cli_list_accounts (BobbinCliContext *self, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* of BobbinAccount */
BobbinAccount *bobbin_cli_find_account (GPtrArray *accounts, const char *name, GError **error);
/* FALSE with error for the demo agent, which runs inside the window. */
gboolean      bobbin_cli_can_reach     (BobbinAccount *account, GError **error);
/* By local id, else by server id; without the library. */
BobbinThread *bobbin_cli_find_thread   (BobbinCliContext *self, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The backend of @account with @key, or with the stored key when @key is NULL; NULL with error when there is no such backend.
 * When only the key could not be had, the backend comes all the same, with the error. Borrowed. */
BobbinBackend *bobbin_cli_ready_backend (BobbinCliContext *self, BobbinAccount *account, const char *key, GError **error);

/* When nobody keeps keys for this program, which is then why there is none: says so, with what to do. */
gboolean bobbin_cli_lacks_keyring (BobbinCliContext *self, GError **error);

/* Waiting: give bobbin_cli_result_cb() with the address of a NULL GAsyncResult *, then await it. */
void          bobbin_cli_result_cb (GObject *source, GAsyncResult *result, gpointer slot);
GAsyncResult *bobbin_cli_await     (GAsyncResult **slot);

/* Cancelled by Ctrl+C; what is written then is taken back. */
GCancellable *bobbin_cli_cancellable_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Parses options; leaves what is no option in *@ret_rest. FALSE after saying what is wrong. */
gboolean bobbin_cli_parse (int argc, char **argv, const char *parameters, const char *description,
                           const GOptionEntry *entries, char ***ret_rest);
gboolean bobbin_cli_is_verbose (void);
/* A key from standard input, without its trailing newline; NULL after saying what is wrong. Free with bobbin_secret_free(). */
char    *bobbin_cli_read_key (void) G_GNUC_WARN_UNUSED_RESULT;

/* The same for two keys, the second on a line of its own; either may be NULL: not wanted. */
gboolean bobbin_cli_read_keys (char **ret_key, char **ret_second);

/* Output. FALSE when nobody reads it any more, or after saying why it cannot be written. */
gboolean bobbin_cli_print      (const char *text, gssize length);
gboolean bobbin_cli_printf     (const char *format, ...) G_GNUC_PRINTF (1, 2);
gboolean bobbin_cli_print_json (JsonObject *object); /* one line */
/* "bobbin: TEXT" on stderr, without secrets and without control characters. */
void     bobbin_cli_note       (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* The same with a pointer to the help; returns BOBBIN_EXIT_USAGE. */
int      bobbin_cli_usage      (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Says "bobbin: what happened: what to do" and returns the exit status that belongs to it. */
int      bobbin_cli_fail       (const GError *error);
/* The same, but does not say once more that the profile cannot be written. */
int      bobbin_cli_context_fail (const BobbinCliContext *self, const GError *error);
int      bobbin_cli_exit_status (BobbinErrorCode code);
/* What happened, in one line for people: "cannot reach the server (…): check the address and the network". */
char    *bobbin_cli_describe   (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds the JSON value in @text (nullable), as it is; as a string when it is no JSON. */
void     bobbin_cli_set_json   (JsonObject *object, const char *member, const char *text);
/* Leaves the member out when @text is NULL. */
void     bobbin_cli_set_string (JsonObject *object, const char *member, const char *text);

G_END_DECLS
