using Minion.Contracts.Faults;

namespace Minion.Server.Options;

/// <summary>From the arguments to configuration; whatever else can be configured is given as <c>--Section:Key=value</c>.</summary>
internal static class CommandLine
{
    public const string Usage = """
        Usage: Minion.Server [options]
          --role ROLES      which services this process runs, by comma: orchestration, tools, edge, migrate (default:
                            all of these); or postgres alone, the embedded server for other processes (password: MINION_PG_PASSWORD)
          --data DIR        the data folder (default: ~/.minion/data, or /var/lib/minion for root)
          --http PORT       the port for HTTP (default 5080; 0 takes a free one)
          --grpc PORT       the port for gRPC (default 5081; 0 takes a free one)
          --listen ADDRESS  the address to listen on (default: localhost; any other needs an API key)
          --pg-port PORT    the port of --role postgres on the loopback interface (default 5432; 0 takes a free one)
          --SECTION:KEY=VALUE  any other setting
        """;

    /// <summary>The options, the settings that they stand for, and the environment variables that say the same.</summary>
    public static readonly IReadOnlyList<(string Option, string Setting, string Variable)> Options =
    [
        ("--role", ServerOptions.RoleKey, "MINION_ROLE"),
        ("--data", ServerOptions.DataKey, "MINION_DATA"),
        ("--http", ServerOptions.HttpKey, "MINION_HTTP"),
        ("--grpc", ServerOptions.GrpcKey, "MINION_GRPC"),
        ("--listen", ServerOptions.ListenKey, "MINION_LISTEN"),
        ("--pg-port", ServerOptions.PostgresPortKey, "MINION_PG_PORT"),
    ];

    /// <summary>The settings that <paramref name="args"/> give.</summary>
    /// <exception cref="Fault">An option is unknown or lacks its value.</exception>
    public static Dictionary<string, string?> Parse(IReadOnlyList<string> args)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            var setting = SettingOf(name);
            if (value is null)
            {
                value = i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)
                    ? args[++i]
                    : throw Wrong($"{name} needs a value.");
            }

            settings[setting] = value;
        }

        return settings;
    }

    /// <summary>The settings that environment variables give.</summary>
    public static Dictionary<string, string?> FromEnvironment(Func<string, string?> variable) =>
        Options
            .Select(option => (option.Setting, Value: variable(option.Variable)))
            .Append((Setting: ServerOptions.PostgresPasswordKey, Value: variable("MINION_PG_PASSWORD")))
            .Where(given => !string.IsNullOrEmpty(given.Value))
            .ToDictionary(given => given.Setting, given => given.Value, StringComparer.OrdinalIgnoreCase);

    private static string SettingOf(string name)
    {
        var known = Options.FirstOrDefault(option => option.Option == name);
        return known.Setting
            ?? (name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':') ? name[2..] : throw Wrong($"There is no option {name}."));
    }

    private static Fault Wrong(string message) =>
        new(Grpc.Core.StatusCode.InvalidArgument, "USAGE", message, $"The options are {string.Join(", ", Options.Select(option => option.Option))}.");
}
