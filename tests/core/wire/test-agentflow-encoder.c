#include "config.h"

#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-encoder.h"

#include <string.h>

static void
test_run (void)
{
  const BobbinAgentflowFile files[] = {
    { (char *) "f1", (char *) "image/png", (char *) "a \"b\".png" },
    { (char *) "f2", (char *) "audio/ogg", (char *) "s.ogg" },
    { (char *) "f3", (char *) "video/mp4", (char *) "v.mp4" },
    { (char *) "f4", (char *) "application/pdf", (char *) "d.pdf" },
  };
  BobbinAgentflowRun run = { .text = "hé \"q\"\n", .message_id = "m", .thread_id = "t", .files = files, .n_files = 4,
                             .granularity = BOBBIN_AGENTFLOW_FULL };
  BobbinAgentflowRun bare = { .text = "x", .at_end = TRUE };
  g_autofree char *text = bobbin_agentflow_encode_run (&run);
  g_autofree char *small = bobbin_agentflow_encode_run (&bare);

  g_assert_cmpstr (text, ==,
                   "{\"messages\":[{\"role\":\"user\",\"message_id\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"hé \\\"q\\\"\\n\"},"
                   "{\"type\":\"image\",\"media\":{\"kind\":\"file_id\",\"file_id\":\"f1\",\"mime_type\":\"image/png\","
                   "\"filename\":\"a \\\"b\\\".png\"}},"
                   "{\"type\":\"audio\",\"media\":{\"kind\":\"file_id\",\"file_id\":\"f2\",\"mime_type\":\"audio/ogg\","
                   "\"filename\":\"s.ogg\"}},"
                   "{\"type\":\"video\",\"media\":{\"kind\":\"file_id\",\"file_id\":\"f3\",\"mime_type\":\"video/mp4\","
                   "\"filename\":\"v.mp4\"}},"
                   "{\"type\":\"document\",\"media\":{\"kind\":\"file_id\",\"file_id\":\"f4\",\"mime_type\":\"application/pdf\","
                   "\"filename\":\"d.pdf\"}}]}],"
                   "\"config\":{\"thread_id\":\"t\"},\"response_granularity\":\"full\"}");
  g_assert_cmpstr (small, ==,
                   "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}],\"config\":{},"
                   "\"initial_state\":{\"current_node\":\"__end__\"},\"response_granularity\":\"low\"}");
}

static void
test_rest (void)
{
  g_autofree char *addition = bobbin_agentflow_encode_addition ("system", "Be brief.", NULL);
  g_autofree char *state = bobbin_agentflow_encode_state ("{\"berth\":\"B7\"}");
  g_autofree char *stop = bobbin_agentflow_encode_stop ("t\"");

  g_assert_cmpstr (addition, ==, "{\"messages\":[{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"Be brief.\"}]}],"
                                 "\"config\":{}}");
  g_assert_cmpstr (state, ==, "{\"state\":{\"berth\":\"B7\"},\"config\":{}}");
  g_assert_cmpstr (stop, ==, "{\"thread_id\":\"t\\\"\",\"config\":{}}");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentflow-encoder/run", test_run);
  g_test_add_func ("/agentflow-encoder/rest", test_rest);

  return g_test_run ();
}
