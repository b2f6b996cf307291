/* A large JSON text as a flat list of where its values are: one pass, 28 bytes a value, nothing copied. For trees and tables of
 * any size, which json-glib would answer with a hundred bytes and an allocation each, and for telling the place of a mistake.
 *
 * Node 0 is the root; nodes are in the order of the text, so the children of a node follow it. Immutable once made, reference
 * counted atomically: it may be made in a thread and read in another. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BobbinJsonIndex BobbinJsonIndex;

typedef enum
{
  BOBBIN_JSON_NULL,
  BOBBIN_JSON_FALSE,
  BOBBIN_JSON_TRUE,
  BOBBIN_JSON_NUMBER,
  BOBBIN_JSON_STRING,
  BOBBIN_JSON_ARRAY,
  BOBBIN_JSON_OBJECT,
} BobbinJsonType;

typedef enum
{
  BOBBIN_JSON_FINE,
  BOBBIN_JSON_EMPTY,        /* nothing but white space */
  BOBBIN_JSON_NO_VALUE,     /* a value was expected */
  BOBBIN_JSON_NO_NAME,      /* a name in quotes was expected */
  BOBBIN_JSON_NO_COLON,
  BOBBIN_JSON_NO_COMMA,     /* a comma or the closing bracket was expected */
  BOBBIN_JSON_OPEN_STRING,  /* the closing quote is missing */
  BOBBIN_JSON_BAD_STRING,   /* a control character or an unknown escape */
  BOBBIN_JSON_BAD_NUMBER,
  BOBBIN_JSON_OPEN_END,     /* the text ends within an array or an object */
  BOBBIN_JSON_MORE,         /* something follows the value */
  BOBBIN_JSON_TOO_DEEP,
  BOBBIN_JSON_TOO_LARGE,    /* bytes or values */
} BobbinJsonMistake;

/* What is wrong with a text, and where. Lines and columns count from 1, columns in characters. */
typedef struct
{
  BobbinJsonMistake mistake;
  gsize             offset;
  guint             line;
  guint             column;
} BobbinJsonProblem;

#define BOBBIN_JSON_INDEX_BYTES_MAX  (64u * 1024 * 1024)
#define BOBBIN_JSON_INDEX_VALUES_MAX (4u * 1000 * 1000)
#define BOBBIN_JSON_NONE             G_MAXUINT32

/* @length bytes, -1: a C string; copied, invalid UTF-8 replaced. (nullable): NULL with @ret_problem (nullable) filled. */
BobbinJsonIndex *bobbin_json_index_new   (const char *text, gssize length, BobbinJsonProblem *ret_problem) G_GNUC_WARN_UNUSED_RESULT;
BobbinJsonIndex *bobbin_json_index_ref   (BobbinJsonIndex *self) G_GNUC_WARN_UNUSED_RESULT;
void             bobbin_json_index_unref (BobbinJsonIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinJsonIndex, bobbin_json_index_unref)

guint          bobbin_json_index_get_size  (const BobbinJsonIndex *self);
BobbinJsonType bobbin_json_index_get_type  (const BobbinJsonIndex *self, guint node);
/* Children of an array or object; 0 of all else. */
guint          bobbin_json_index_get_count (const BobbinJsonIndex *self, guint node);
/* BOBBIN_JSON_NONE: there is none. */
guint          bobbin_json_index_get_first  (const BobbinJsonIndex *self, guint node);
guint          bobbin_json_index_get_next   (const BobbinJsonIndex *self, guint node);
guint          bobbin_json_index_get_parent (const BobbinJsonIndex *self, guint node);
/* The member of an object with that name, the last one when there are several; also when @node is none or no object. */
guint          bobbin_json_index_find       (const BobbinJsonIndex *self, guint node, const char *name);
gboolean       bobbin_json_index_is         (const BobbinJsonIndex *self, guint node, BobbinJsonType type); /* none: FALSE */
/* (nullable) (transfer full): the name of a member. */
char          *bobbin_json_index_dup_name   (const BobbinJsonIndex *self, guint node) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): a string without quotes and escapes, of all else its JSON. At most about @max bytes, 0: no limit. */
char          *bobbin_json_index_dup_text   (const BobbinJsonIndex *self, guint node, gsize max) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): the JSON of the value as it was written. */
char          *bobbin_json_index_dup_source (const BobbinJsonIndex *self, guint node) G_GNUC_WARN_UNUSED_RESULT;
gsize          bobbin_json_index_get_length (const BobbinJsonIndex *self, guint node); /* bytes of the source */
/* The number, also of a string that holds nothing but one; NAN for all else. */
double         bobbin_json_index_get_double (const BobbinJsonIndex *self, guint node);
/* (transfer full): "order.items[0].sku", names that are no words in brackets and quotes; "$" for the root. */
char          *bobbin_json_index_dup_path   (const BobbinJsonIndex *self, guint node) G_GNUC_WARN_UNUSED_RESULT;

/* The first value after @after (BOBBIN_JSON_NONE: of all) whose name or text holds @text, letters of ASCII in either case. Looks at the
 * source: letters written as escapes are not found. BOBBIN_JSON_NONE: there is none. */
guint          bobbin_json_index_search     (const BobbinJsonIndex *self, const char *text, guint after);
/* Such values before @until, at most @max, and the last of them. */
guint          bobbin_json_index_count_matches (const BobbinJsonIndex *self, const char *text, guint until, guint max, guint *ret_last);

G_END_DECLS
