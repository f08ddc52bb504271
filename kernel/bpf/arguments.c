// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "arguments.h"
#include "error.h"

static const struct {
	const char *name;
	const char *value;
} options[] = {
	[OPTION_CGROUP] = { "--cgroup", "DIR" },
	[OPTION_USER] = { "--user", "NAME" },
	[OPTION_TRUST] = { "--trust", "CIDR,..." },
	[OPTION_DEV] = { "--dev", "DEV" },
};

/* The option that is `--name` or `--name=value`; OPTION_COUNT if there is none. */
static int option_of(const char *word)
{
	const size_t length = strcspn(word, "=");
	int option = 0;

	while (option < OPTION_COUNT &&
	       (strlen(options[option].name) != length || memcmp(options[option].name, word, length)))
		option++;
	return option;
}

/* Reads the option at *at, and moves *at to its last word. */
static int read_option(struct arguments *arguments, const struct syntax *syntax, const char *command, char ***at)
{
	const char *word = **at, *value = strchr(word, '=');
	const int option = option_of(word);

	if (option == OPTION_COUNT)
		return fail("unknown option: %s", word);
	if (!((syntax->required | syntax->optional) & 1u << option))
		return fail("%s does not take %s", command, options[option].name);
	if (arguments->value[option])
		return fail("%s is given twice", options[option].name);
	if (value)
		value++;
	else if ((*at)[1] && strncmp((*at)[1], "--", 2))
		value = *++*at;
	if (!value || !*value)
		return fail("%s needs a value: %s %s", options[option].name, options[option].name, options[option].value);
	arguments->value[option] = value;
	return 0;
}

int arguments_parse(struct arguments *arguments, const struct syntax *syntax, char **argv)
{
	const char *command = *argv++;

	*arguments = (struct arguments){ 0 };
	for (; *argv && **argv == '-'; argv++) {
		if (!strcmp(*argv, "--")) {
			argv++;
			break;
		}
		if (!strcmp(*argv, "--help") || !strcmp(*argv, "-h")) {
			arguments->help = true;
			return 0;
		}
		if (read_option(arguments, syntax, command, &argv))
			return -1;
	}
	arguments->words = argv;
	for (int option = 0; option < OPTION_COUNT; option++)
		if (syntax->required & 1u << option && !arguments->value[option])
			return fail("%s needs %s %s", command, options[option].name, options[option].value);
	if (syntax->words && !*argv)
		return fail("%s needs a command to run: %s ... -- COMMAND", command, command);
	if (!syntax->words && *argv)
		return fail("%s does not take the argument %s", command, *argv);
	return 0;
}
