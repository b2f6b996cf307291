/* bobbin: links. They open a conversation or start one with text; nothing a link says is ever
 * sent by itself.
 *
 *   bobbin:ID            the conversation with our id or a server's, as on the command line
 *   bobbin:new           a new conversation
 *   bobbin:new?text=T    a new conversation with T in the composer
 * / */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_LINK_THREAD,
  BOBBIN_LINK_NEW,
} BobbinLinkKind;

/* Longest link taken, in bytes; longer ones are refused. */
#define BOBBIN_LINK_MAX_LENGTH (64 * 1024)

typedef struct
{
  BobbinLinkKind kind;
  char          *thread_id; /* THREAD */
  char          *text;      /* (nullable) NEW */
} BobbinLink;

/* Returns: (transfer full) (nullable): NULL when @uri is no link of ours. */
BobbinLink *bobbin_link_parse (const char *uri) G_GNUC_WARN_UNUSED_RESULT;
void        bobbin_link_free  (BobbinLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinLink, bobbin_link_free)

G_END_DECLS
