using System.CommandLine;
using Minion.Cli.Output;

namespace Minion.Cli.Verbs;

internal static class SchemaVerb
{
    private const string Resource = "agent-cluster.schema.json";

    public static Command Create(Terminal terminal) =>
        new Command("schema", "Prints the JSON Schema of cluster files, with which editors complete and check them.").Does(terminal, async (_, cancellation) =>
        {
            await using var stream = typeof(SchemaVerb).Assembly.GetManifestResourceStream(Resource)!;
            using var reader = new StreamReader(stream);
            await terminal.Out.WriteAsync((await reader.ReadToEndAsync(cancellation)).AsMemory(), cancellation);
            return ExitCodes.Ok;
        });
}
