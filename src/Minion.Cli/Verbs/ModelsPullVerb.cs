using System.CommandLine;
using Grpc.Core;
using Minion.Cli.Models;
using Minion.Cli.Output;
using Minion.Contracts.Models.V1;

namespace Minion.Cli.Verbs;

internal static class ModelsPullVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The model's name at Ollama, for example qwen3:8b." };
        return new Command("pull", "Makes the server's Ollama fetch a model. Ctrl-C stops it; the next pull goes on from there.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                using var call = connection.Catalog.PullModel(new PullModelRequest { Name = invocation.Get(name)! }, connection.Stream(cancellation));
                using var view = new PullView(terminal);
                await foreach (var progress in call.ResponseStream.ReadAllAsync(cancellation))
                {
                    if (invocation.Json)
                    {
                        terminal.Line(JsonOutput.Node(progress));
                    }
                    else
                    {
                        view.Show(progress);
                    }
                }

                if (!invocation.Json)
                {
                    view.Dispose();
                    terminal.Out.WriteLine($"{invocation.Get(name)} is there.");
                }

                return ExitCodes.Ok;
            });
    }
}
