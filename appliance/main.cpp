// The program.
#include "appliance/commands.h"

int main(int argc, char** argv) { return pillarbox::appliance::run_command_line(argc, argv); }
