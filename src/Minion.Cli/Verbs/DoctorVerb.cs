using System.CommandLine;
using System.Text.Json.Nodes;
using Minion.Cli.Doctor;
using Minion.Cli.Local;
using Minion.Cli.Output;

namespace Minion.Cli.Verbs;

internal static class DoctorVerb
{
    public static Command Create(Terminal terminal)
    {
        var data = DataFolders.Option();
        return new Command("doctor", "Checks what Minion needs, the server and the model settings, and says what to do.") { data }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var server = ServerChecks.CheckAsync(connection, cancellation);
                var model = ModelChecks.CheckAsync(terminal, cancellation);
                Finding[] findings =
                [
                    MachineChecks.DotNet(),
                    MachineChecks.PostgreSql(terminal),
                    MachineChecks.Node(terminal),
                    MachineChecks.Bubblewrap(terminal),
                    MachineChecks.AspireCli(terminal),
                    MachineChecks.DataFolder(DataFolders.Resolve(invocation, data)),
                    .. await server,
                    await model,
                    ProviderChecks.Check(terminal),
                ];
                Write(invocation, findings);
                return findings.Any(f => f.Health == Health.Broken) ? ExitCodes.Failed : ExitCodes.Ok;
            });
    }

    private static void Write(Invocation invocation, IReadOnlyList<Finding> findings)
    {
        var terminal = invocation.Terminal;
        if (invocation.Json)
        {
            terminal.Document(new JsonObject
            {
                ["healthy"] = findings.All(f => f.Health != Health.Broken),
                ["checks"] = new JsonArray([.. findings.Select(Json)]),
            });
            return;
        }

        var width = findings.Max(f => f.Check.Length) + 2;
        foreach (var finding in findings)
        {
            var line = $"{Sign(finding.Health)} {finding.Check.PadRight(width)}{finding.Detail}";
            if (finding.Health == Health.Broken)
            {
                terminal.Red(line);
            }
            else
            {
                terminal.Out.Write(line);
            }

            terminal.Out.WriteLine();
            if (finding.Advice.Length > 0)
            {
                terminal.Out.WriteLine($"  {new string(' ', width)}{finding.Advice}");
            }
        }

        if (findings.Any(f => f is { Check: "model", Health: not Health.Good }))
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(ModelChecks.HowTo);
        }
    }

    private static string Sign(Health health) => health switch
    {
        Health.Good => "✓",
        Health.Note => "•",
        _ => "✗",
    };

    private static JsonObject Json(Finding finding) => new()
    {
        ["check"] = finding.Check,
        ["health"] = Phrases.Word(finding.Health),
        ["detail"] = finding.Detail,
        ["advice"] = finding.Advice,
    };
}
