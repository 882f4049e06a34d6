using Minion.Cli.Output;

namespace Minion.Cli.Tests;

/// <summary>A terminal whose two sides are in memory.</summary>
internal sealed class TestTerminal : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public TestTerminal(string input = "", bool isTerminal = false, params (string Name, string Value)[] environment)
    {
        var values = environment.ToDictionary(e => e.Name, e => e.Value);
        Terminal = new Terminal
        {
            In = new StringReader(input),
            Out = _out,
            Error = _error,
            InIsTerminal = isTerminal,
            OutIsTerminal = isTerminal,
            ErrorIsTerminal = isTerminal,
            Environment = name => values.GetValueOrDefault(name),
        };
    }

    public Terminal Terminal { get; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, Terminal);

    public void Dispose() => Terminal.Dispose();
}
