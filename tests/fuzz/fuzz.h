/* Codecs under attack: each target is a function that gives bytes of a stranger to the lowest public function that reads them and
 * checks what must hold whatever they are. Run three ways: by libFuzzer (fuzz-main.c, `sh tests/campaign.sh fuzz`), and in
 * test-fuzz.c with every compiler over inputs that once did harm, over seeds and over changed seeds.
 *
 * An input begins with a byte of which three bits say how many cuts follow, two bytes each; the five others are the target's. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  void      (*run) (const guint8 *data, gsize length);
} FuzzTarget;

extern const FuzzTarget  fuzz_targets[]; /* ends with a NULL name */
const FuzzTarget        *fuzz_target_find (const char *name); /* (nullable) */
/* Before the first run of any: warnings and criticals are findings. */
void                     fuzz_set_up      (void);

#define FUZZ_MAX_CUTS 7

typedef struct
{
  const char *bytes;
  gsize       length;
  guint       mode;                /* five bits */
  guint       n_cuts;
  gsize       cuts[FUZZ_MAX_CUTS]; /* rising, within the bytes */
} FuzzInput;

void  fuzz_read_input  (FuzzInput *self, const guint8 *data, gsize length);
/* The bytes, whole or in the pieces between the cuts, each in memory of just its size, so that a look beyond is seen. */
typedef void (*FuzzFeed) (gpointer data, const char *bytes, gsize length);
void  fuzz_feed        (const FuzzInput *self, gboolean in_pieces, FuzzFeed feed, gpointer data);
/* (transfer full): the bytes as text, valid and NUL-terminated. */
char *fuzz_dup_text    (const FuzzInput *self);
/* @text: (nullable) */
void  fuzz_check_valid (const char *text);

/* fuzz-wire.c */
void fuzz_sse          (const guint8 *data, gsize length);
void fuzz_ndjson       (const guint8 *data, gsize length);
void fuzz_frames       (const guint8 *data, gsize length);
void fuzz_refusals     (const guint8 *data, gsize length);
/* fuzz-services.c */
void fuzz_nebelus      (const guint8 *data, gsize length);
void fuzz_agentflow    (const guint8 *data, gsize length);
void fuzz_assistants   (const guint8 *data, gsize length);
void fuzz_entities     (const guint8 *data, gsize length);
void fuzz_aibtc        (const guint8 *data, gsize length);
/* fuzz-histories.c */
void fuzz_histories    (const guint8 *data, gsize length);
/* fuzz-json.c */
void fuzz_json         (const guint8 *data, gsize length);
void fuzz_json_stream  (const guint8 *data, gsize length);
void fuzz_json_schema  (const guint8 *data, gsize length);
void fuzz_data         (const guint8 *data, gsize length);
/* fuzz-markup.c */
void fuzz_markup       (const guint8 *data, gsize length);
void fuzz_math         (const guint8 *data, gsize length);
/* fuzz-files.c */
void fuzz_import       (const guint8 *data, gsize length);
void fuzz_image        (const guint8 *data, gsize length);
/* fuzz-words.c */
void fuzz_links        (const guint8 *data, gsize length);
void fuzz_words        (const guint8 *data, gsize length);
void fuzz_search       (const guint8 *data, gsize length);

G_END_DECLS
