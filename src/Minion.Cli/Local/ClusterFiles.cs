using System.Text.RegularExpressions;
using Minion.Cli.Output;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Local;

/// <summary>A cluster file on its way to the server, with the values of the environment that it refers to.</summary>
internal static partial class ClusterFiles
{
    private const int MostBytes = 1024 * 1024;

    private static readonly string[] SecretEndings = ["_KEY", "_TOKEN", "_SECRET", "_PASSWORD"];

    /// <exception cref="CliFailure">The file is not there, cannot be read or is too large.</exception>
    public static async Task<ApplyClusterRequest> ReadAsync(Terminal terminal, string file, bool dryRun, CancellationToken cancellation)
    {
        var all = await ReadAsync(terminal, [file], cancellation);
        return new ApplyClusterRequest { Content = all.Files[0].Content, Source = all.Files[0].Source, Environment = { all.Environment }, DryRun = dryRun };
    }

    /// <summary>Several files, for one transaction.</summary>
    /// <inheritdoc cref="ReadAsync(Terminal, string, bool, CancellationToken)"/>
    public static async Task<ApplyClustersRequest> ReadAsync(Terminal terminal, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        var request = new ApplyClustersRequest();
        foreach (var file in files)
        {
            var content = file == "-" ? await ReadAsync(terminal.In, "The standard input", cancellation) : await ReadFileAsync(file, cancellation);
            request.Files.Add(new ClusterSource { Content = content, Source = file == "-" ? "stdin" : file });
            foreach (var name in References(content))
            {
                if (terminal.Environment(name) is { } value)
                {
                    request.Environment[name] = value;
                }
            }
        }

        return request;
    }

    /// <summary>The names in <c>${NAME}</c> and <c>${NAME:-default}</c>, without those of secrets: the server resolves these itself.</summary>
    public static IReadOnlyList<string> References(string content) =>
        [.. Reference().Matches(content).Select(m => m.Groups["name"].Value).Distinct().Where(name => !IsSecret(name))];

    /// <summary>
    /// What is wrong with a file, as compilers write it: <c>file:line:column path: message</c>. The server says "line 3, column 5:" in
    /// the message.
    /// </summary>
    public static CliFailure InPlaces(CliFailure failure, string source) => new(
        failure.ExitCode,
        failure.Kind,
        failure.Message,
        failure.Hint,
        [.. failure.Fields.Select(field => Place().Match(field.Message) is { Success: true } place
            ? new FieldViolation(
                $"{source}:{place.Groups["line"].Value}:{place.Groups["column"].Value}{(field.Field.Length == 0 ? "" : " " + field.Field)}",
                place.Groups["message"].Value)
            : field)]);

    private static bool IsSecret(string name) => SecretEndings.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new CliFailure(ExitCodes.Usage, "usage", $"There is no file '{file}'.", $"Looked in {Directory.GetCurrentDirectory()}.");
        }

        if (new FileInfo(file).Length is > MostBytes and var length)
        {
            throw TooLarge($"'{file}' has {length:#,0} bytes");
        }

        using var reader = File.OpenText(file);
        return await ReadAsync(reader, $"'{file}'", cancellation);
    }

    /// <summary>Pipes and devices say nothing of their length beforehand, and need not have an end.</summary>
    private static async Task<string> ReadAsync(TextReader reader, string source, CancellationToken cancellation)
    {
        var content = new char[MostBytes + 1];
        var length = await reader.ReadBlockAsync(content, cancellation);
        return length <= MostBytes ? new string(content, 0, length) : throw TooLarge($"{source} has more than {MostBytes:#,0} characters");
    }

    private static CliFailure TooLarge(string what) =>
        new(ExitCodes.Usage, "file_too_large", $"{what}; a cluster file has at most {MostBytes:#,0} bytes.", "Split it into several clusters.");

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^line (?<line>\d+), column (?<column>\d+): (?<message>[\s\S]*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
