/* The text of a message part as a person reads it: markers of citations become " [1]", numbers in the list of sources of the whole
 * message, and links into the sandbox of the code interpreter become the names of files (assistants.md, section 4.3). Indexes are
 * unreliable, so markers are searched for. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  char    *marker;   /* (nullable): as it stands in the text */
  char    *file_id;  /* (nullable) */
  char    *quote;    /* (nullable) */
  gboolean is_path;  /* a file to download, else a citation */
} BobbinAssistantsNote;

/* The annotations of one part: of BobbinAssistantsNote; deltas place them by their own index. */
GPtrArray *bobbin_assistants_notes_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void       bobbin_assistants_notes_take (GPtrArray *notes, JsonArray *annotations);
/* (transfer full): base name of the file of a path, from its marker. */
char      *bobbin_assistants_note_dup_name (const BobbinAssistantsNote *note) G_GNUC_WARN_UNUSED_RESULT;

/* The files a message cites, each with one number, in the order met. */
typedef struct _BobbinAssistantsSources BobbinAssistantsSources;

BobbinAssistantsSources *bobbin_assistants_sources_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void                     bobbin_assistants_sources_free    (BobbinAssistantsSources *self);
/* @text with the markers of @notes from position @first on replaced; files not met before are numbered. */
char                    *bobbin_assistants_sources_apply   (BobbinAssistantsSources *self, GPtrArray *notes, guint first,
                                                            const char *text) G_GNUC_WARN_UNUSED_RESULT;
guint                    bobbin_assistants_sources_count   (BobbinAssistantsSources *self);
/* {"sources":[{"title"?,"file_id"?,"quote"?}]}, the data of a SOURCES block. */
char                    *bobbin_assistants_sources_to_json (BobbinAssistantsSources *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinAssistantsSources, bobbin_assistants_sources_free)

G_END_DECLS
