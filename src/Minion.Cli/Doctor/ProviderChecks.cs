using Minion.Cli.Output;

namespace Minion.Cli.Doctor;

/// <summary>The providers that cluster files may name without an address: which of them have their key in this environment.</summary>
internal static class ProviderChecks
{
    private static readonly string[] WithKey = ["openai", "anthropic", "gemini", "groq", "mistral"];

    /// <summary>The environment is that of the command line; ./minion up hands it on to the server that it starts.</summary>
    public static Finding Check(Terminal terminal)
    {
        const string Name = "providers";
        var ready = WithKey.Where(p => !string.IsNullOrWhiteSpace(terminal.Environment(Variable(p)))).ToList();
        return ready.Count == WithKey.Length
            ? Finding.Good(Name, $"keys for {string.Join(", ", ready)}; without a key: ollama, local, scripted")
            : Finding.Note(
                Name,
                $"{(ready.Count == 0 ? "no keys" : $"keys for {string.Join(", ", ready)}")}; without a key: ollama, local, scripted",
                $"Set {string.Join(", ", WithKey.Except(ready).Select(Variable))} for those that agents are to use, and start the server again.");
    }

    private static string Variable(string provider) => $"{provider.ToUpperInvariant()}_API_KEY";
}
