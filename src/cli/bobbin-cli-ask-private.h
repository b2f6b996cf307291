/* One run of "ask", shared by its files: bobbin-cli-ask.c (arguments, from start to end), -ask-send.c (account, thread, files, sending),
 * -ask-wait.c (what the session's states mean to a script), -ask-approval.c (what the agent asks for). */
#pragma once

#include "cli/bobbin-cli-printer.h"
#include "cli/bobbin-cli-private.h"
#include "session/bobbin-session.h"

G_BEGIN_DECLS

typedef struct
{
  /* given */
  char             *account_name;
  char             *thread_id;
  char            **files;
  char            **outputs;   /* (nullable): results of tools the agent will ask for, in that order */
  char            **approved;  /* (nullable): names of tools that may run; "*": any */
  gboolean          rejects;   /* what else is asked for */
  char             *text;
  char             *key;       /* for this run only */
  gboolean          fresh;
  gboolean          as_json;
  /* made */
  BobbinCliContext  context;
  BobbinAccount    *account;
  BobbinThread     *thread;
  BobbinSession    *session;
  BobbinMessage    *prompt;
  BobbinCliPrinter *printer;
  GError           *refused;   /* a file that could not be taken */
  BobbinBlock      *asked;     /* the approval the person was asked about */
  gint64            trouble_us; /* since when no connection works, 0 */
  guint             n_outputs; /* given already */
  GPtrArray        *typed;     /* of char *: results for what is asked now, so far */
  guint             stdin_watch;
  gboolean          stdin_ended;
  guint             n_stops;   /* how often the person asked to stop */
  const char       *end_code;  /* static; NULL when it ended well */
  char             *end_text;
  int               status;    /* -1 while it goes on */
} BobbinCliAsk;

/* An end that is nobody's failure, and yet not what was asked for. @code is static. */
void     _bobbin_cli_ask_end_early    (BobbinCliAsk *self, const char *code, const char *text);
/* @error: (transfer full) */
void     _bobbin_cli_ask_fail         (BobbinCliAsk *self, GError *error);

/* -ask-send.c */
/* Finds account and thread and opens the session. */
gboolean _bobbin_cli_ask_open_session (BobbinCliAsk *self, GError **error);
/* Waits until the session has read what is stored of the thread, its draft included. */
void     _bobbin_cli_ask_await_loaded (BobbinCliAsk *self);
/* Copies the files into the profile, then sends them with the text; sets the prompt. */
gboolean _bobbin_cli_ask_send_text    (BobbinCliAsk *self, GError **error);

/* -ask-approval.c */
/* Decides what the options or a person decide; else ends early. */
void     _bobbin_cli_ask_look_at_approval (BobbinCliAsk *self);
/* The agent paused: says so, and how to go on. */
void     _bobbin_cli_ask_tell_pause   (BobbinCliAsk *self);

/* -ask-wait.c */
/* Sets the status once the turn is over, or nothing more can be expected of it. */
void     _bobbin_cli_ask_look         (BobbinCliAsk *self);

G_END_DECLS
