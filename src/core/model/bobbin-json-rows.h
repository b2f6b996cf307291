/* The lines of a JSON tree: what is unfolded of a document of any size, as a flat list. Long texts unfold into lines; large
 * arrays, objects and texts unfold in parts, each followed by a line that stands for the rest. Plain struct of one owner; the
 * index is shared. */
#pragma once

#include "util/bobbin-json-index.h"

G_BEGIN_DECLS

typedef struct _BobbinJsonRows BobbinJsonRows;

typedef enum
{
  BOBBIN_JSON_ROW_VALUE,
  BOBBIN_JSON_ROW_TEXT,  /* a line of the string "node" */
  BOBBIN_JSON_ROW_MORE,  /* what is not yet shown of "node": "count" children or lines */
} BobbinJsonRowKind;

typedef struct
{
  guint32 node;
  guint32 count;  /* MORE */
  guint32 start;  /* TEXT: bytes of the string */
  guint32 end;
  guint16 depth;
  guint8  kind;   /* BobbinJsonRowKind */
  guint8  unfolded;
} BobbinJsonRow;

#define BOBBIN_JSON_ROWS_PART 100     /* shown of something large at a time */
#define BOBBIN_JSON_ROWS_MAX  20000u  /* in all; what would be more stays folded */

BobbinJsonRows      *bobbin_json_rows_new          (BobbinJsonIndex *json) G_GNUC_WARN_UNUSED_RESULT;
void                 bobbin_json_rows_free         (BobbinJsonRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinJsonRows, bobbin_json_rows_free)
BobbinJsonIndex     *bobbin_json_rows_get_json     (BobbinJsonRows *self);
guint                bobbin_json_rows_get_n        (const BobbinJsonRows *self);
const BobbinJsonRow *bobbin_json_rows_get          (const BobbinJsonRows *self, guint row);
/* Whether the line can be unfolded or folded; MORE lines can be, once. */
gboolean             bobbin_json_rows_can_unfold   (const BobbinJsonRows *self, guint row);
void                 bobbin_json_rows_set_unfolded (BobbinJsonRows *self, guint row, gboolean unfolded);
/* Unfolds from the outside in while there are at most @n lines. */
void                 bobbin_json_rows_unfold_first (BobbinJsonRows *self, guint n);
/* The line of a value, unfolding what is around it. BOBBIN_JSON_NONE: there is no room for it. */
guint                bobbin_json_rows_reveal       (BobbinJsonRows *self, guint node);
/* The line of what holds @row; itself at the top. */
guint                bobbin_json_rows_get_parent   (const BobbinJsonRows *self, guint row);
/* (transfer full): the text of a TEXT line, or a value in one line of at most about @max bytes. */
char                *bobbin_json_rows_dup_text     (const BobbinJsonRows *self, guint row, gsize max) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
