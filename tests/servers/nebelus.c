/* The demo server for tests that run the real program: "nebelus --port P --fault JSON --speed MS"; each chat
 * received is a line of JSON on stdout, behind the lines "listening on", "agent" and "key". */
#include "config.h"
#include "demo/bobbin-demo-command.h"

int
main (int   argc,
      char *argv[])
{
  return bobbin_demo_test_command (argc, argv);
}
