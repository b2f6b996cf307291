#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-answers.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "wire/bobbin-nebelus-server.h"

#include <string.h>

/* A line longer than this is prose, not an order; so that a pasted text that happens to hold one is not obeyed. */
#define MAX_ORDER 200
#define MAX_WORDS 200000

static void
write_help (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script);

static void
write_hello (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script,
                          "Hello! I am the demo agent. I live inside this program, need no account and no "
                          "network, and keep nothing: the conversation stays with you.\n\n"
                          "Try **show everything**, **run a tool** or **ask for approval**, drop a file here, "
                          "or say **help** for "
                          "all I can do.");
}

static void
write_table (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "Here are last quarter's invoices:");
  bobbin_demo_script_block (script, "table",
                            "{\"headers\":[\"Invoice\",\"Customer\",\"Due\",\"Amount\"],"
                            "\"rows\":[[\"118\",\"Acme\",\"2 March\",\"1,250.00 €\"],[\"119\",\"Blue Fig\",\"9 "
                            "March\",\"310.50 €\"],"
                            "[\"120\",\"Café Zoë\",\"16 March\",\"78.20 €\"],[\"121\",\"Ostrava Works\",\"23 "
                            "March\",\"12,004.00 €\"]]}");
  bobbin_demo_script_say (script, "Invoice 118 is the only one overdue.");
}

static void
write_code (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "A function that adds up the digits of a number, in Python:");
  bobbin_demo_script_block (script, "code_block",
                            "{\"language\":\"python\",\"content\":\"def digit_sum(n: int) -> int:\\n    total = "
                            "0\\n    while n:\\n"
                            "        n, digit = divmod(n, 10)\\n        total += digit\\n    return total\\n\\n\\n"
                            "print(digit_sum(2026))  # 10\\n\"}");
  bobbin_demo_script_say (script,
                          "The same as text with a fence, as most agents write it:\n\n```c\nstatic "
                          "int\ndigit_sum (int n)\n{\n"
                                  "  return n == 0 ? 0 : n % 10 + digit_sum (n / 10);\n}\n```\n");
}

static void
write_math (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script,
                          "A formula within a line: $e^{i\\pi} + 1 = 0$, or $\\frac{1}{2}\\sqrt{x_1^2 + x_2^2}$. One of its own:\n\n"
                          "$$\nx_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}\n$$\n\n"
                          "Sums, integrals and limits:\n\n"
                          "\\[\n\\sum_{k=1}^{n} k^2 = \\frac{n(n+1)(2n+1)}{6}, \\qquad "
                          "\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}, \\qquad "
                          "\\lim_{x \\to 0} \\frac{\\sin x}{x} = 1\n\\]\n\n"
                          "A matrix and cases:\n\n"
                          "$$\nA = \\begin{pmatrix} \\cos\\theta & -\\sin\\theta \\\\ \\sin\\theta & \\cos\\theta \\end{pmatrix}, "
                          "\\quad |x| = \\begin{cases} x & \\text{if } x \\ge 0 \\\\ -x & \\text{otherwise} \\end{cases}\n$$\n\n"
                          "Lines that are aligned:\n\n"
                          "$$\n\\begin{aligned}\n(a + b)^2 &= (a + b)(a + b) \\\\\n&= a^2 + 2ab + b^2\n\\end{aligned}\n$$\n\n"
                          "None of these is a formula: tea is $3 and cake $4, US$ 7 in all, and `$HOME` stands in code.");
}

static void
write_tool (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "Let me look that up.");
  bobbin_demo_script_tool (script, "get_weather", "{\"place\":\"Leeds\",\"days\":2}", 1500,
                           "{\"today\":{\"sky\":\"rain\",\"high\":11},\"tomorrow\":{\"sky\":\"clear\","
                           "\"high\":14}}", FALSE);
  bobbin_demo_script_say (script, "Rain in Leeds today, 11 °C. Tomorrow it clears up and reaches 14 °C.");
}

static void
write_failing_tool (const BobbinDemoQuestion *question,
                    BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "Let me ask the warehouse.");
  bobbin_demo_script_tool (script, "check_stock", "{\"article\":\"grit 1000\"}", 1000,
                           "\"Connection refused by stock.example\"", TRUE);
  bobbin_demo_script_say (script, "The warehouse does not answer, so I cannot tell how much is left.");
}

static void
write_think (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  bobbin_demo_script_think (script,
                            "The question is how many squares a chessboard has. Not only the 64 small ones: "
                            "also those of two by two, "
                            "of which there are 7 × 7, and so on up to the whole board. So the sum of the "
                            "squares from 1 to 8.");
  bobbin_demo_script_say (script, "A chessboard has **204** squares: 64 + 49 + 36 + 25 + 16 + 9 + 4 + 1.");
}

/* {"name":…,"content_type":…,"data":base64} */
static void
add_attachment (BobbinDemoScript *script,
                const char       *type,
                const char       *name,
                const char       *content_type,
                const guint8     *bytes,
                gsize             length)
{
  g_autofree char *base64 = g_base64_encode (bytes, length);
  g_autofree char *data = g_strdup_printf ("{\"name\":\"%s\",\"content_type\":\"%s\",\"data\":\"%s%s%s%s\"}",
                                           name, content_type,
                                           strcmp (type, "image") == 0 ? "data:" : "",
                                             strcmp (type, "image") == 0 ? content_type : "",
                                           strcmp (type, "image") == 0 ? ";base64," : "", base64);

  bobbin_demo_script_block (script, type, data);
}

static void
write_image (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  g_autoptr(GBytes) png = _bobbin_demo_picture_new (320, 200);

  bobbin_demo_script_say (script, "A sunset, painted just now:");
  add_attachment (script, "image", "sunset.png", "image/png", g_bytes_get_data (png, NULL), g_bytes_get_size (png));
}

static void
write_file (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  static const char csv[] = "invoice,customer,amount\n118,Acme,1250.00\n119,Blue Fig,310.50\n120,Café Zoë,78.20\n";

  bobbin_demo_script_say (script, "The invoices as a file:");
  add_attachment (script, "file", "invoices.csv", "text/csv", (const guint8 *) csv, sizeof csv - 1);
}

static void
write_json (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "Structured data:");
  bobbin_demo_script_block (script, "json_data",
                            "{\"order\":{\"id\":4711,\"paid\":true,\"items\":[{\"sku\":\"A-1\",\"count\":2},"
                            "{\"sku\":\"B-7\",\"count\":1}],"
                            "\"note\":null},\"total\":99.9}");
}

static void
write_unknown (const BobbinDemoQuestion *question,
               BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "A kind of block that no program knows yet:");
  bobbin_demo_script_block (script, "hologram",
                            "{\"depth\":3,\"frames\":[\"a\",\"b\"],\"caption\":\"From the future\"}");
}

static void
write_approval (const BobbinDemoQuestion *question,
                BobbinDemoScript         *script)
{
  bobbin_demo_script_say (script, "I can send Acme a reminder about invoice 118, but only if you say so.");
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_APPROVAL, 4 * script->word_delay_ms, 0,
                           g_strdup_printf ("{\"message\":\"Send this reminder?\",\"node_name\":\"send_mail\","
                                            "\"data\":{\"tools\":[{\"name\":\"send_mail\",\"args\":%s}]}}",
                                            bobbin_demo_get_approval_arguments ()));
}

/* All that a server may leave out of it. */
static void
write_bare_approval (const BobbinDemoQuestion *question,
                     BobbinDemoScript         *script)
{
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_APPROVAL, 4 * script->word_delay_ms, 0, g_strdup ("{\"message\":\"\"}"));
}

const char *
bobbin_demo_get_approval_arguments (void)
{
  return "{\"to\":\"accounts@acme.example\",\"subject\":\"Invoice 118\",\"body\":\"Dear Acme, invoice 118 was "
         "due on 2 March.\"}";
}

void
bobbin_demo_answer_resume (BobbinDemoScript *script,
                           const char       *type,
                           const char       *arguments)
{
  g_autoptr(JsonObject) object = arguments != NULL ? bobbin_json_parse_object (arguments, -1, NULL) : NULL;
  const char *to = object != NULL ? bobbin_json_get_string (object, "to") : NULL;
  const char *subject = object != NULL ? bobbin_json_get_string (object, "subject") : NULL;

  if (g_strcmp0 (type, "approve") != 0 && g_strcmp0 (type, "edit") != 0)
    {
      bobbin_demo_script_say (script, "As you wish: I did not send anything.");
      return;
    }
  bobbin_demo_script_tool (script, "send_mail", arguments != NULL ? arguments : "{}", 1000,
                           "\"250 message accepted\"", FALSE);
  bobbin_demo_script_sayf (script, "%s: the mail “%s” to %s went out. (Not really: this is a demo.)",
                           strcmp (type, "edit") == 0 ? "Sent with your changes" : "Sent",
                           subject != NULL ? subject : "without a subject", to != NULL ? to : "nobody");
}

static void
write_everything (const BobbinDemoQuestion *question,
                  BobbinDemoScript         *script)
{
  write_think (question, script);
  _bobbin_demo_write_markdown (question, script);
  write_math (question, script);
  write_tool (question, script);
  _bobbin_demo_write_tools (question, script);
  write_table (question, script);
  _bobbin_demo_write_charts (question, script);
  write_code (question, script);
  write_json (question, script);
  write_image (question, script);
  write_file (question, script);
  write_unknown (question, script);
  write_approval (question, script);
}

/* Sentences out of which any length is made. */
static const char *const sentences[] = {
  "The harbour wakes before the town does, and by the time the bakers light their ovens the first boats are back.",
  "Nobody remembers who built the long wall, though everybody has a cousin who repaired it.",
  "In spring the hills turn green within a week, as if someone had been waiting for permission.",
  "The ferry is late, which is to say that it is on time.",
  "An old map in the library shows a river where the market stands today.",
  "Children learn to count on the steps of the lighthouse: there are a hundred and twelve, or thirteen.",
  "When the fog comes in, the bells answer each other across the water, and strangers think of home.",
};

static void
write_words (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  guint64 wanted = question->number == G_MAXUINT64 ? 300 : CLAMP (question->number, 1, MAX_WORDS);
  GString *text = g_string_new (NULL);
  guint64 n = 0;

  for (guint i = 0; n < wanted; i++)
    {
      g_auto(GStrv) words = g_strsplit (sentences[i % G_N_ELEMENTS (sentences)], " ", -1);

      if (i > 0)
        g_string_append (text, i % 5 == 0 ? "\n\n" : " ");
      for (guint j = 0; words[j] != NULL && n < wanted; j++, n++)
        g_string_append_printf (text, "%s%s", j > 0 ? " " : "", words[j]);
    }
  bobbin_demo_script_say (script, text->str);
  g_string_free (text, TRUE);
}

static void
write_count (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  guint64 n = question->number == G_MAXUINT64 ? 10 : MIN (question->number, MAX_WORDS);
  GString *text = g_string_new (NULL);

  for (guint64 i = 1; i <= n; i++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT "%s", i, i < n ? " " : ".");
  bobbin_demo_script_say (script, text->len > 0 ? text->str : "Nothing to count.");
  g_string_free (text, TRUE);
}

static void
write_slow (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  script->word_delay_ms = 500;
  bobbin_demo_script_say (script,
                          "I am taking my time with every single word now, so that you can press Stop, or look "
                          "elsewhere.");
}

static void
write_drip (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_DRIP, 0, 1000, NULL);
  bobbin_demo_script_say (script, "This comes one byte at a time — même les accents, と漢字 🎉.");
}

static void
write_history (const BobbinDemoQuestion *question,
               BobbinDemoScript         *script)
{
  GString *text;

  if (question->history == NULL || question->history->len == 0)
    {
      bobbin_demo_script_say (script, "This is the first thing you say to me here.");
      return;
    }
  text = g_string_new ("You said to me in this conversation:\n");
  for (guint i = 0; i < question->history->len; i++)
    {
      g_autofree char *words = bobbin_text_truncate (g_ptr_array_index (question->history, i), 200);

      g_string_append_printf (text, "\n%u. %s", i + 1, words);
    }
  bobbin_demo_script_say (script, text->str);
  g_string_free (text, TRUE);
}

static void
write_files (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "I received %u %s:\n", question->files->len, question->files->len == 1 ? "file" : "files");
  for (guint i = 0; i < question->files->len; i++)
    {
      const BobbinNebelusFile *file = g_ptr_array_index (question->files, i);

      if (file->bytes != NULL)
        g_string_append_printf (text, "\n* **%s**, %s, %" G_GSIZE_FORMAT " bytes, SHA-256 `%s`", file->name,
                                file->content_type,
                                g_bytes_get_size (file->bytes), file->sha256);
      else
        g_string_append_printf (text, "\n* **%s**, whose data cannot be read", file->name);
    }
  bobbin_demo_script_say (script, text->str);
  g_string_free (text, TRUE);
}

static void
write_anything (const BobbinDemoQuestion *question,
                BobbinDemoScript         *script)
{
  g_autofree char *start = g_utf8_make_valid (question->text, -1);
  g_autofree char *quoted = NULL;

  g_strstrip (start);
  quoted = g_utf8_strlen (start, -1) > 120 ? g_utf8_substring (start, 0, 120) : g_strdup (start);
  g_strdelimit (quoted, "\n", ' ');
  bobbin_demo_script_sayf (script,
                           "You wrote “%s%s”. That is %ld characters in all, and I understood none of them: I "
                           "am a demo, not a model.\n\n"
                           "Say **help** to see what I can do, or **show everything** to see it at once.",
                           quoted, g_utf8_strlen (start, -1) > 120 ? "…" : "", g_utf8_strlen (start, -1));
}

/* The first line that matches wins. */
static const BobbinDemoAnswer answers[] = {
  { "help", write_help, "this list", "What the demo agent can do" },
  { "what can you do", write_help, NULL, "What the demo agent can do" },
  { "show everything", write_everything, "one block of each kind", "Everything at once" },
  { "show a long table", _bobbin_demo_write_long_table, "a table of 500 rows", "Measurements" },
  { "show a table", write_table, "a table", "Invoices of the quarter" },
  { "show charts", _bobbin_demo_write_charts, "a chart of each kind", "Charts" },
  { "show a chart", _bobbin_demo_write_chart, "one chart", "Visitors by month" },
  { "show markdown", _bobbin_demo_write_markdown, "text in all its forms", "Text in all its forms" },
  { "show code", write_code, "code in two forms", "Digit sums" },
  { "show some code", write_code, NULL, "Digit sums" },
  { "failing tool", write_failing_tool, "a tool that fails", "Stock of grit 1000" },
  { "show math", write_math, "formulas, and prices that are none", "Formulas" },
  { "run several tools", _bobbin_demo_write_tools, "four tools in a row, one of which fails", "Open invoices of Acme" },
  { "run a tool", write_tool, "a tool that runs for a moment", "Weather in Leeds" },
  { "ask for approval", write_approval, "a question with Approve, Reject and Edit", "Reminder for Acme" },
  { "ask without words", write_bare_approval, "a question that says nothing", "Without words" },
  { "think", write_think, "thoughts before the answer", "Squares of a chessboard" },
  { "show an image", write_image, "a picture", "A sunset" },
  { "show a web image", _bobbin_demo_write_web_image, "a picture that is somewhere on the web", "A picture on the web" },
  { "show a file", write_file, "a file to save", "Invoices as a file" },
  { "unknown block", write_unknown, "a kind of content from the future", "From the future" },
  { "json", write_json, "structured data", "An order as JSON" },
  { "write # words", write_words, "a text of that length, such as *write 2000 words*", "A long story" },
  { "count to #", write_count, "numbers", "Counting" },
  { "be slow", write_slow, "two words a second", "Slowly" },
  { "drip", write_drip, "one byte at a time", "Drop by drop" },
  { "what did i say", write_history, "what I remember of this conversation", "Looking back" },
  { "bench # deltas", _bobbin_demo_write_bench, NULL, "Benchmark" },
  { "bench # mixed deltas", _bobbin_demo_write_bench_mixed, NULL, "Benchmark" },
  { "bench # line deltas", _bobbin_demo_write_bench_line, NULL, "Benchmark" },
  { "bench # paced deltas", _bobbin_demo_write_bench_paced, NULL, "Benchmark" },
  { "bench # paced line deltas", _bobbin_demo_write_bench_paced_line, NULL, "Benchmark" },
  { NULL },
};

static void
append_help (GString                *text,
             const BobbinDemoAnswer *lines)
{
  for (; lines->pattern != NULL; lines++)
    {
      g_auto(GStrv) parts = g_strsplit (lines->pattern, "#", -1);
      g_autofree char *pattern = g_strjoinv ("N", parts);

      if (lines->help != NULL)
        g_string_append_printf (text, "\n* **%s**: %s", pattern, lines->help);
    }
}

static void
write_help (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script)
{
  GString *text = g_string_new ("Ask me for any of these, in these words:\n");

  append_help (text, answers);
  g_string_append (text,
                   "\n\nDrop files here and I tell what arrived. To see how this program copes, I can also "
                   "misbehave:\n");
  append_help (text, _bobbin_demo_faults ());
  script->word_delay_ms = script->word_delay_ms / 4;
  bobbin_demo_script_say (script, text->str);
  g_string_free (text, TRUE);
}

/* Finds @pattern in @line; '#' takes a number. */
static gboolean
match_at (const char  *line,
          const char  *pattern,
          guint64     *ret_number,
          const char **ret_rest)
{
  while (*pattern != '\0')
    {
      if (*pattern == '#')
        {
          char *end = NULL;

          if (!g_ascii_isdigit (*line))
            return FALSE;
          *ret_number = g_ascii_strtoull (line, &end, 10);
          line = end;
          pattern++;
        }
      else if (*line++ != *pattern++)
        return FALSE;
    }
  *ret_rest = line + strspn (line, " :,.");

  return TRUE;
}

static gboolean
match (const char         *line,
       const char         *pattern,
       BobbinDemoQuestion *question)
{
  for (; *line != '\0'; line++)
    if (match_at (line, pattern, &question->number, &question->rest))
      return TRUE;

  return FALSE;
}

/* What is an order: the last line that is not blank, when it is short. */
static char *
dup_order (const char *text)
{
  g_autofree char *tidy = g_strstrip (g_strdup (text));
  const char *last = strrchr (tidy, '\n');
  const char *line = last != NULL ? last + 1 : tidy;

  return strlen (line) <= MAX_ORDER ? g_ascii_strdown (line, -1) : g_strdup ("");
}

static gboolean
answer_by (const BobbinDemoAnswer  *lines,
           const char              *order,
           BobbinDemoQuestion      *question,
           BobbinDemoScript        *script,
           char                   **ret_title)
{
  for (; lines->pattern != NULL; lines++)
    {
      question->number = G_MAXUINT64;
      if (match (order, lines->pattern, question))
        {
          lines->write (question, script);
          *ret_title = g_strdup (lines->title);
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
is_greeting (const char *order)
{
  static const char *const words[] = { "hello", "hi", "hey", "good morning", "good evening", "hallo", "bonjour",
                                       "hola" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (order, words[i]) && !g_ascii_isalpha (order[strlen (words[i])]))
      return TRUE;

  return FALSE;
}

/* The first words of what was said, for a thread that has no better title. */
static char *
make_title (const char *text)
{
  g_autofree char *line = g_strstrip (g_utf8_make_valid (text, -1));
  g_autofree char *start = NULL;

  line[strcspn (line, "\n")] = '\0';
  start = g_utf8_strlen (line, -1) > 40 ? g_utf8_substring (line, 0, 40) : g_strdup (line);
  if (*start == '\0')
    return g_strdup ("A conversation");

  return g_strconcat (start, g_utf8_strlen (line, -1) > 40 ? "…" : "", NULL);
}

void
bobbin_demo_answer (BobbinDemoQuestion  *question,
                    BobbinDemoScript    *script,
                    char               **ret_title)
{
  g_autofree char *order = dup_order (question->text);

  question->rest = "";
  question->number = G_MAXUINT64;
  *ret_title = NULL;
  if (question->files != NULL && question->files->len > 0)
    write_files (question, script);
  else if (answer_by (_bobbin_demo_faults (), order, question, script, ret_title) ||
           answer_by (answers, order, question, script, ret_title))
    ;
  else if (is_greeting (order))
    write_hello (question, script);
  else
    write_anything (question, script);
  if (*ret_title == NULL)
    *ret_title = make_title (question->text);
}
