#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-answers.h"

#include <string.h>

/* What a client must bear, on request. Each writes an answer that goes wrong where it says. */

static const char preface[] = "Very well. I begin as usual, and then, in the middle of this sentence,";

static void
begin (BobbinDemoScript *script)
{
  bobbin_demo_script_piece (script, 0, "text", "start", script->index, NULL);
  for (const char *p = preface; *p != '\0';)
    {
      gsize n = strcspn (p, " ");
      g_autofree char *word = NULL;

      n += strspn (p + n, " ");
      word = g_strndup (p, n);
      bobbin_demo_script_piece (script, script->word_delay_ms, "text", "delta", script->index, word);
      p += n;
    }
}

static void
write_drop (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_DROP, 200, 0, NULL);
}

static void
write_reset (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_DROP, 200, 1, NULL);
}

static void
write_half (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_HALF, 200, 0,
                           g_strdup ("{\"content_type\":\"text\",\"state\":\"delta\",\"index\":0,"
                                     "\"data\":{\"text\":\"never whole\"}}"));
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_DROP, 0, 0, NULL);
}

static void
write_close (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  guint64 code = question->number == G_MAXUINT64 ? 1011 : MIN (question->number, 4999);

  if (strstr (question->rest, "after") != NULL)
    {
      bobbin_demo_script_sayf (script, "I finish my answer, and then close with %" G_GUINT64_FORMAT ".", code);
      bobbin_demo_script_last (script, BOBBIN_DEMO_STEP_CLOSE, 200, code, g_strdup ("as you asked"));
      return;
    }
  if (strstr (question->rest, "at start") != NULL || strstr (question->rest, "at the start") != NULL)
    script->no_start = script->no_end = TRUE;
  else
    begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_CLOSE, 200, code, g_strdup ("as you asked"));
}

static void
write_refuse (const BobbinDemoQuestion *question,
              BobbinDemoScript         *script)
{
  const char *after = strstr (question->rest, "retry after");
  g_autofree char *seconds = NULL;

  if (after != NULL)
    {
      after += strlen ("retry after");
      after += strspn (after, " ");
      seconds = g_strndup (after, strspn (after, "0123456789"));
    }
  bobbin_demo_script_sayf (script,
                           "After this I hang up, and answer the next connection with %" G_GUINT64_FORMAT ".",
                             question->number);
  bobbin_demo_script_last (script, BOBBIN_DEMO_STEP_REFUSE, 0, MIN (question->number, 599),
                           seconds != NULL && *seconds != '\0' ? g_steal_pointer (&seconds) : NULL);
  bobbin_demo_script_last (script, BOBBIN_DEMO_STEP_CLOSE, 100, 1012, g_strdup ("as you asked"));
}

static void
expire (BobbinDemoScript *script,
        const char       *how,
        const char       *words)
{
  bobbin_demo_script_say (script, words);
  /* Before the answer ends: whoever hangs up right after it finds the thread forgotten. */
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_EXPIRE, 0, 0, g_strdup (how));
  bobbin_demo_script_last (script, BOBBIN_DEMO_STEP_CLOSE, 100, 1001, g_strdup ("as you asked"));
}

static void
write_expire (const BobbinDemoQuestion *question,
              BobbinDemoScript         *script)
{
  if (g_str_has_prefix (question->rest, "silently"))
    expire (script, "silent",
            "I forget this thread after this answer, and will pretend that a new one is the old one.");
  else
    expire (script, "loud", "I forget this thread after this answer, and will say so the next time.");
}

static void
write_expire_with (const BobbinDemoQuestion *question,
                   BobbinDemoScript         *script)
{
  expire (script, question->number == 404 ? "404" : "4004", "I forget this thread after this answer.");
}

static void
write_stall (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_STALL, 0, 0, NULL);
}

/* Frames that are wrong in every way, between the words of a good answer, which must come out whole. */
static void
write_garbage (const BobbinDemoQuestion *question,
               BobbinDemoScript         *script)
{
  static const char *const frames[] = {
    "not JSON at all", "{\"event\":", "[]", "null", "42", "\"text\"", "{\"event\":7}",
      "{\"event\":\"content_block\",\"data\":\"text\"",
    "{\"event\":\"content_block\",\"data\":{\"content_type\":[],\"state\":{},\"index\":\"x\",\"data\":7}}x",
      "<html><body>502</body></html>",
    "{\"event\":\"usage_metadata\",\"data\":{\"input_tokens\":\"many\",\"usage\":[1]}}",
      "{\"event\":\"thread_title\",\"data\":{\"title\":7}}",
  };

  begin (script);
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_FRAME, 20, 0, g_strdup (frames[i]));
  bobbin_demo_script_piece (script, script->word_delay_ms, "text", "delta", script->index,
                            " garbage came by, and now I am done.");
  bobbin_demo_script_piece (script, 0, "text", "complete", script->index++, NULL);
}

static void
write_flood (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_FLOOD, 0, 20000, NULL);
  bobbin_demo_script_piece (script, script->word_delay_ms, "text", "delta", script->index,
                            " twenty thousand events went by.");
  bobbin_demo_script_piece (script, 0, "text", "complete", script->index++, NULL);
}

static void
write_oversized (const BobbinDemoQuestion *question,
                 BobbinDemoScript         *script)
{
  begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_OVERSIZED, 0, 40 * 1024 * 1024, NULL);
  bobbin_demo_script_piece (script, 0, "text", "complete", script->index++, NULL);
}

static void
write_error (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  g_autofree char *type = g_strndup (question->rest, strspn (question->rest, "abcdefghijklmnopqrstuvwxyz_"));
  gboolean in_middle = strcmp (type, "streaming_error") == 0 || strstr (question->rest, "in the middle") != NULL;

  if (*type == '\0')
    {
      g_free (type);
      type = g_strdup ("handler_error");
    }
  script->no_end = TRUE;
  script->no_start = !in_middle;
  if (in_middle)
    begin (script);
  bobbin_demo_script_event (script, 100, "error",
                            g_strdup_printf ("{\"type\":\"%s\",\"message\":\"This is the %s you asked for\"}",
                                             type, type));
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_OVER, 0, 0, NULL);
}

static void
write_new_id (const BobbinDemoQuestion *question,
              BobbinDemoScript         *script)
{
  script->no_start = TRUE;
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_NEW_ID, 0, 0, NULL);
  bobbin_demo_script_event (script, 0, "message_start", NULL);
  bobbin_demo_script_say (script,
                          "From this answer on, the thread has another id; the old one is not known any more.");
}

static void
write_no_start (const BobbinDemoQuestion *question,
                BobbinDemoScript         *script)
{
  script->no_start = TRUE;
  bobbin_demo_script_say (script, "No message_start announced this answer.");
}

/* "Twice" is only about frames that say the same thing again; a delta cannot be told from a word said twice. */
static void
write_twice (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  script->no_start = TRUE;
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_TWICE, 0, 1, NULL);
  bobbin_demo_script_event (script, 0, "message_start", NULL);
  bobbin_demo_script_block (script, "table", "{\"headers\":[\"a\",\"b\"],\"rows\":[[\"1\",\"2\"]]}");
  bobbin_demo_script_tool (script, "get_time", "{}", 200, "\"12:00\"", FALSE);
  bobbin_demo_script_event (script, 0, "content_block",
                            g_strdup_printf ("{\"content_type\":\"text\",\"state\":\"complete\",\"index\":%d,"
                                             "\"data\":{\"text\":\"Every frame of this answer was sent twice.\"}}",
                                             script->index++));
}

static void
write_disorder (const BobbinDemoQuestion *question,
                BobbinDemoScript         *script)
{
  script->no_start = TRUE;
  bobbin_demo_script_event (script, 0, "usage_metadata",
                            g_strdup ("{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3}"));
  bobbin_demo_script_event (script, 0, "message_delta", g_strdup ("{\"delta\":{\"stop_reason\":\"end_turn\"}}"));
  bobbin_demo_script_event (script, 0, "cancel_acknowledged", g_strdup ("{\"status\":\"cancelling\"}"));
  bobbin_demo_script_event (script, 50, "content_block",
                            g_strdup ("{\"content_type\":\"tool_result\",\"state\":\"complete\",\"index\":5,"
                                      "\"data\":{\"tool_call_id\":\"late_1\",\"output\":\"the result, first\"}}"));
  bobbin_demo_script_event (script, 50, "content_block",
                            g_strdup ("{\"content_type\":\"tool_use\",\"state\":\"complete\",\"index\":4,"
                                      "\"data\":{\"tool_name\":\"late_tool\",\"tool_call_id\":\"late_1\","
                                      "\"input\":{\"n\":1}}}"));
  bobbin_demo_script_event (script, 0, "message_start", NULL);
  script->index = 6;
  bobbin_demo_script_say (script, "Nothing of this answer came in order.");
  bobbin_demo_script_piece (script, 0, "text", "complete", 9, NULL);
}

static void
write_busy (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  begin (script);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_WAIT, 8000, 0, NULL);
  bobbin_demo_script_piece (script, 0, "text", "delta", script->index, " I was busy for eight seconds.");
  bobbin_demo_script_piece (script, 0, "text", "complete", script->index++, NULL);
}

static const BobbinDemoAnswer faults[] = {
  { "drop the connection", write_drop, "in the middle of the answer, without a word", "A dropped connection" },
  { "reset the connection", write_reset, NULL, "A reset connection" },
  { "drop in mid frame", write_half, "with half a frame sent", "Half a frame" },
  { "close with #", write_close, "a close code, *at start*, *in the middle* or *after*", "Closed" },
  { "refuse with #", write_refuse, "401, 403, 404, 429 or 503, *retry after N*", "Refused" },
  { "expire with #", write_expire_with, "404 or 4004", "Expired" },
  { "expire this thread", write_expire, "loudly, or *silently*", "Expired" },
  { "stall", write_stall, "stop in the middle and never go on", "Stalled" },
  { "send garbage", write_garbage, "frames that are none", "Garbage" },
  { "send a flood", write_flood, "twenty thousand events", "A flood" },
  { "send an oversized frame", write_oversized, "forty megabytes in one", "Too much at once" },
  { "error:", write_error, "an error of that type, such as *error: insufficient_credits*", "An error" },
  { "change the thread id", write_new_id, "in mid conversation", "Another id" },
  { "no message_start", write_no_start, "an answer nobody announced", "Unannounced" },
  { "duplicate events", write_twice, "every frame twice", "Everything twice" },
  { "out of order", write_disorder, "events in the wrong order", "Disorder" },
  { "stay busy", write_busy, "an answer that takes its time", "Busy" },
  { NULL },
};

const BobbinDemoAnswer *
_bobbin_demo_faults (void)
{
  return faults;
}
