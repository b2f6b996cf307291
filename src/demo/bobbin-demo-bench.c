/* Answers for the benchmarks: a great many deltas of four bytes each. */
#define G_LOG_DOMAIN "bobbin-demo"

#include "config.h"

#include "bobbin-demo-answers.h"

#include <string.h>

#define DELTAS     50000
#define DELTAS_MAX 10000000
#define PAUSE_MS   10 /* 500 deltas a second */
#define AT_ONCE    5

/* Everything that streams in an ordinary answer; the step repeats it as often as its number asks for. */
const char _bobbin_demo_bench_mixed[] =
  "## Open invoices\n\n"
  "Three invoices of **Acme** are *overdue*; the oldest one, `2026-014`, was sent on 3 March and reminded of twice. "
  "The [terms of payment](https://example.org/terms) allow two weeks, which are over.\n\n"
  "| Invoice | Customer | Amount | Due |\n"
  "|:--------|:--------:|-------:|-----|\n"
  "| 2026-014 | Acme | 840.50 | 17 March |\n"
  "| 2026-021 | Acme | 400.00 | 2 April |\n"
  "| 2026-027 | **Brown** | 1,240.00 | *today* |\n\n"
  "### What to do\n\n"
  "1. Write to the customer, in a friendly tone.\n"
  "2. Wait for a week:\n"
  "   - ask for a date,\n"
  "   - note what was promised.\n"
  "3. Call them. See also https://example.org/calls for how.\n\n"
  "- [x] reminder written\n"
  "- [ ] reminder sent\n\n"
  "```python\n"
  "def overdue(invoices, today):\n"
  "    \"\"\"Those that nobody paid in time.\"\"\"\n"
  "    for invoice in invoices:\n"
  "        if invoice.due < today and not invoice.paid:\n"
  "            yield invoice.number, (today - invoice.due).days\n"
  "```\n\n"
  "> A reminder is no threat: most are paid within days, and a customer who is asked kindly comes back.\n\n"
  "The sum of all is then 2,480.50, which is ~~more~~ less than last month. Nothing else is open, and the next invoices "
  "fall due on Friday, so there is time to answer before that.\n\n"
  "---\n\n";

static const char line[] =
  "the invoice was sent on Friday and paid within two weeks, which is earlier than usual for this customer, although both "
  "reminders were due; ";

static guint64
count_of (const BobbinDemoQuestion *question)
{
  return question->number == G_MAXUINT64 ? DELTAS : MIN (question->number, DELTAS_MAX);
}

static void
write_many (const BobbinDemoQuestion *question,
            BobbinDemoScript         *script,
            const char               *pattern)
{
  int index = script->index++;

  bobbin_demo_script_piece (script, 0, "text", "start", index, NULL);
  bobbin_demo_script_step (script, BOBBIN_DEMO_STEP_BENCH, 0, count_of (question), g_strdup (pattern));
  bobbin_demo_script_piece (script, 0, "text", "complete", index, NULL);
}

void
_bobbin_demo_write_bench (const BobbinDemoQuestion *question,
                          BobbinDemoScript         *script)
{
  write_many (question, script, NULL);
}

void
_bobbin_demo_write_bench_mixed (const BobbinDemoQuestion *question,
                                BobbinDemoScript         *script)
{
  write_many (question, script, _bobbin_demo_bench_mixed);
}

void
_bobbin_demo_write_bench_line (const BobbinDemoQuestion *question,
                               BobbinDemoScript         *script)
{
  write_many (question, script, line);
}

/* As a model writes them: a few at a time, all the time. */
static void
write_paced (const BobbinDemoQuestion *question,
             BobbinDemoScript         *script,
             const char               *pattern)
{
  int index = script->index++;
  gsize length = strlen (pattern);
  gsize at = 0;

  bobbin_demo_script_piece (script, 0, "text", "start", index, NULL);
  for (guint64 i = 0; i < count_of (question); i++, at = (at + 4) % length)
    {
      char text[5] = "";

      for (guint k = 0; k < 4; k++)
        text[k] = pattern[(at + k) % length];
      bobbin_demo_script_piece (script, i % AT_ONCE == 0 ? PAUSE_MS : 0, "text", "delta", index, text);
    }
  bobbin_demo_script_piece (script, 0, "text", "complete", index, NULL);
}

void
_bobbin_demo_write_bench_paced (const BobbinDemoQuestion *question,
                                BobbinDemoScript         *script)
{
  write_paced (question, script, _bobbin_demo_bench_mixed);
}

void
_bobbin_demo_write_bench_paced_line (const BobbinDemoQuestion *question,
                                     BobbinDemoScript         *script)
{
  write_paced (question, script, line);
}
