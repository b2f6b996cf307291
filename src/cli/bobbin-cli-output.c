#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "util/bobbin-json.h"
#include "util/bobbin-redact.h"
#include "util/bobbin-text.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_DETAIL 400 /* characters of a stranger's words in an error line */

/* What an agent writes must not drive the terminal: control characters are shown, not sent. A pipe gets every byte. */
static char *
tame (const char *text,
      gsize       length)
{
  g_autofree char *valid = bobbin_text_make_valid (text, (gssize) length);
  g_autoptr(GString) out = g_string_sized_new (length);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f && (c < 0x80 || c > 0x9f)))
        g_string_append_unichar (out, c);
      else
        g_string_append_unichar (out, 0xfffd);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

gboolean
bobbin_cli_print (const char *text,
                  gssize      length)
{
  gsize n_bytes = length < 0 ? strlen (text) : (gsize) length;
  g_autofree char *tamed = NULL;

  if (ferror (stdout))
    return FALSE; /* told already */
  if (isatty (STDOUT_FILENO))
    {
      tamed = tame (text, n_bytes);
      text = tamed;
      n_bytes = strlen (tamed);
    }
  if (fwrite (text, 1, n_bytes, stdout) == n_bytes && fflush (stdout) == 0)
    return TRUE;

  if (errno != EPIPE)
    bobbin_cli_note (_("standard output cannot be written (%s): check the file or program it goes to"), g_strerror (errno));
  return FALSE;
}

gboolean
bobbin_cli_printf (const char *format,
                   ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return bobbin_cli_print (text, -1);
}

gboolean
bobbin_cli_print_json (JsonObject *object)
{
  g_autofree char *text = bobbin_json_object_to_text (object, FALSE);

  return bobbin_cli_printf ("%s\n", text);
}

static void
note (const char *text)
{
  g_autofree char *clean = bobbin_redact (text);
  g_autofree char *line = bobbin_text_clean_name (clean);

  fprintf (stderr, "bobbin: %s\n", line);
  fflush (stderr);
}

void
bobbin_cli_note (const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  note (text);
}

int
bobbin_cli_usage (const char *format,
                  ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  bobbin_cli_note (_("%s: see “bobbin --help”"), text);

  return BOBBIN_EXIT_USAGE;
}

/* By error code: the status, what happened, what to do. The error's own words stand for what happened where they say it better
 * (TELLS), and beside it elsewhere. */
#define TELLS TRUE
#define ADDS FALSE
static const struct
{
  int         status;
  gboolean    tells;
  const char *what;
  const char *what_to_do;
} words[BOBBIN_N_ERRORS] = {
  [BOBBIN_ERROR_FAILED] = { BOBBIN_EXIT_FAILED, TELLS, N_("it failed"), N_("try again") },
  [BOBBIN_ERROR_AUTH] = { BOBBIN_EXIT_AUTH, TELLS, N_("the server did not accept the key"),
                          N_("give another with “bobbin accounts key NAME --key-stdin”, or for one run with --account-key-stdin") },
  [BOBBIN_ERROR_FORBIDDEN] = { BOBBIN_EXIT_AUTH, ADDS, N_("the key may not do this"), N_("ask whoever gave you the key for the right") },
  [BOBBIN_ERROR_NOT_FOUND] = { BOBBIN_EXIT_SERVER, ADDS, N_("the server does not know this"), N_("check the agent and the base URL") },
  [BOBBIN_ERROR_NETWORK] = { BOBBIN_EXIT_NETWORK, ADDS, N_("cannot reach the server"), N_("check the base URL and the network") },
  [BOBBIN_ERROR_TIMED_OUT] = { BOBBIN_EXIT_NETWORK, ADDS, N_("the server did not answer in time"), N_("try again later") },
  [BOBBIN_ERROR_TLS] = { BOBBIN_EXIT_NETWORK, ADDS, N_("the connection is not secure: the certificate was refused"),
                         N_("check the base URL and the clock of this computer") },
  [BOBBIN_ERROR_RATE_LIMITED] = { BOBBIN_EXIT_SERVER, ADDS, N_("too many messages"), N_("wait a minute and try again") },
  [BOBBIN_ERROR_BUSY] = { BOBBIN_EXIT_SERVER, ADDS, N_("the conversation is busy with another answer"),
                          N_("try again when it has ended") },
  [BOBBIN_ERROR_CREDITS] = { BOBBIN_EXIT_SERVER, ADDS, N_("the account has no credit left"), N_("top it up with the service") },
  [BOBBIN_ERROR_INACTIVE] = { BOBBIN_EXIT_SERVER, ADDS, N_("the agent is not active"),
                              N_("activate it with the service, or choose another") },
  [BOBBIN_ERROR_PROTOCOL] = { BOBBIN_EXIT_SERVER, ADDS, N_("the server speaks something else"), N_("check the service and the base URL") },
  [BOBBIN_ERROR_SERVER] = { BOBBIN_EXIT_SERVER, ADDS, N_("the server failed"), N_("try again later") },
  [BOBBIN_ERROR_TOO_LARGE] = { BOBBIN_EXIT_FAILED, TELLS, N_("it is too large"), N_("send less") },
  [BOBBIN_ERROR_NOT_SUPPORTED] = { BOBBIN_EXIT_FAILED, TELLS, N_("this is not supported"), N_("use another service or a newer version") },
  [BOBBIN_ERROR_INSECURE] = { BOBBIN_EXIT_USAGE, TELLS, N_("unencrypted connections to other computers are refused"),
                              N_("use an address that begins with https://") },
  [BOBBIN_ERROR_INVALID] = { BOBBIN_EXIT_USAGE, TELLS, N_("this cannot be used"), N_("see “bobbin --help”") },
  [BOBBIN_ERROR_FILE] = { BOBBIN_EXIT_FAILED, TELLS, N_("the file cannot be used"), N_("check the file") },
  [BOBBIN_ERROR_STORE] = { BOBBIN_EXIT_FAILED, ADDS, N_("the profile cannot be read or written"),
                           N_("check the free space and the rights of the folder") },
  [BOBBIN_ERROR_SECRET] = { BOBBIN_EXIT_AUTH, ADDS, N_("the keyring did not give the key"),
                            N_("unlock it, or give the key with --account-key-stdin") },
  [BOBBIN_ERROR_INTERRUPTED] = { BOBBIN_EXIT_NETWORK, ADDS, N_("the answer was cut off"),
                                 N_("what arrived is kept; asking again may repeat what the agent did") },
  [BOBBIN_ERROR_REPLY_TOO_LARGE] = { BOBBIN_EXIT_SERVER, ADDS, N_("the server sent more than this program takes"),
                                     N_("what arrived is kept; ask for a shorter answer, or for it in parts") },
};

int
bobbin_cli_exit_status (BobbinErrorCode code)
{
  return words[code].status;
}

char *
bobbin_cli_describe (const GError *error)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN);
  g_autofree char *clean = bobbin_redact (failure->detail != NULL ? failure->detail : "");
  g_autofree char *line = bobbin_text_clean_name (clean);
  g_autofree char *detail = bobbin_text_truncate (line, MAX_DETAIL);
  const char *what = _(words[failure->code].what);
  const char *what_to_do = _(words[failure->code].what_to_do);

  /* What to do follows. */
  if (g_str_has_suffix (detail, "."))
    detail[strlen (detail) - 1] = '\0';
  else if (g_str_has_suffix (detail, "。"))
    detail[strlen (detail) - strlen ("。")] = '\0';
  if (*detail == '\0' || g_str_equal (detail, bobbin_error_code_nick (failure->code)))
    return g_strdup_printf ("%s: %s", what, what_to_do);
  if (words[failure->code].tells && (strstr (detail, ": ") != NULL || strstr (detail, "：") != NULL))
    return g_steal_pointer (&detail); /* says what to do, too */
  if (words[failure->code].tells)
    return g_strdup_printf ("%s: %s", detail, what_to_do);

  return g_strdup_printf ("%s (%s): %s", what, detail, what_to_do);
}

int
bobbin_cli_fail (const GError *error)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN);
  g_autofree char *text = bobbin_cli_describe (error);

  note (text);

  return bobbin_cli_exit_status (failure->code);
}

void
bobbin_cli_set_json (JsonObject *object,
                     const char *member,
                     const char *text)
{
  JsonNode *node;

  if (text == NULL)
    return;

  node = bobbin_json_parse (text, -1, NULL);
  if (node != NULL)
    json_object_set_member (object, member, node);
  else
    json_object_set_string_member (object, member, text);
}

void
bobbin_cli_set_string (JsonObject *object,
                       const char *member,
                       const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}
