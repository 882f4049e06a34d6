using System.Text.Json;
using System.Text.RegularExpressions;

namespace Grpc.StandIn.Tests;

/// <summary>What grpc-js (and bare HTTP/2) as client sees of the server. The checks are in <c>node/client.js</c> and <c>node/raw.js</c>.</summary>
public sealed partial class GrpcJsClientTests(GrpcJsChecks checks) : IClassFixture<GrpcJsChecks>
{
    public static TheoryData<string> Names => [.. CheckNames()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check(string name)
    {
        checks.Results.ShouldContainKey(name, $"client.js has not come to this check. {checks.Errors}");
        var error = checks.Results[name];
        error.ShouldBeNull();
    }

    private static IEnumerable<string> CheckNames() =>
        new[] { "client.js", "raw.js" }
            .SelectMany(file => Declaration().Matches(File.ReadAllText(Path.Combine(NodePrograms.Folder, file))))
            .Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^ +async (?<name>\w+)\(\) \{", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();
}

/// <summary>Runs all checks once.</summary>
public sealed class GrpcJsChecks : IAsyncLifetime
{
    /// <summary>By name of the check: what went wrong, or null.</summary>
    public Dictionary<string, string?> Results { get; } = new(StringComparer.Ordinal);

    public string Errors { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await NodePrograms.EnsureInstalledAsync();
        await using var server = await RunningServer.StartAsync();
        await using var gzip = await RunningServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using var client = NodePrograms.Start("node", ["client.js", server.Target, gzip.Target]);
        try
        {
            var errors = client.StandardError.ReadToEndAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (await client.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                var check = JsonDocument.Parse(line).RootElement;
                Results[check.GetProperty("name").GetString()!] = check.GetProperty("error").GetString();
            }

            Errors = await errors;
        }
        finally
        {
            client.Kill(entireProcessTree: true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
