/* A real gnome-keyring-daemon on a private bus with a private home, for one process. Needs no display: a prompt that nobody can
 * show is either dismissed at once (no prompter on the bus) or waits for ever (keyring_add_silent_prompter). */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GTestDBus       *bus;
  GSubprocess     *daemon;
  GDBusConnection *prompter;
  char            *home;
} Keyring;

typedef enum
{
  KEYRING_ABSENT,      /* a bus, and nothing on it */
  KEYRING_UNLOCKED,    /* a daemon with an open "login" keyring; the bus starts no other */
  KEYRING_ACTIVATABLE, /* no daemon; the bus starts one, never unlocked, when somebody asks */
} KeyringState;

Keyring *keyring_new                 (KeyringState state);
void     keyring_free                (Keyring *self);
/* Starts a daemon that opens the "login" keyring, making it when there is none. */
void     keyring_start               (Keyring *self);
void     keyring_kill                (Keyring *self);
void     keyring_signal              (Keyring *self, int signal_number);
void     keyring_lock                (Keyring *self);
void     keyring_unlock              (Keyring *self);
/* From now on prompts are shown to nobody and never end. */
void     keyring_add_silent_prompter (Keyring *self);

G_END_DECLS
