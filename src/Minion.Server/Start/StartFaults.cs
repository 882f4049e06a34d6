using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;

namespace Minion.Server.Start;

/// <summary>What keeps the server from starting is said in a sentence with what to do about it, and an exit code.</summary>
internal static class StartFaults
{
    public const int Failed = 1;
    public const int Usage = 2;
    public const int PortInUse = 3;

    /// <summary>Runs <paramref name="server"/>; gives the process's exit code.</summary>
    public static async Task<int> RunAsync(Func<Task> server, TextWriter errors)
    {
        try
        {
            await server();
            return 0;
        }
        catch (Exception exception)
        {
            var (code, message, hint) = Describe(exception);
            await errors.WriteLineAsync($"minion: {message}");
            if (hint.Length > 0)
            {
                await errors.WriteLineAsync($"        {hint}");
            }

            if (Environment.GetEnvironmentVariable("MINION_TRACE") is { Length: > 0 })
            {
                await errors.WriteLineAsync(exception.ToString());
            }

            return code;
        }
    }

    internal static (int Code, string Message, string Hint) Describe(Exception exception) => exception switch
    {
        Fault { Reason: "PORT_IN_USE" } fault => (PortInUse, fault.Message, fault.Hint),
        Fault { Reason: "USAGE" } fault => (Usage, fault.Message, fault.Hint),
        Fault fault => (Failed, fault.Message, fault.Hint),
        OptionsValidationException options => (Usage, string.Join(" ", options.Failures), "Correct the settings and start again."),
        IOException { InnerException: AddressInUseException taken } => (PortInUse, taken.Message, "Choose another port with --http PORT or --grpc PORT."),
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        DbException database => (Failed, $"The database cannot be used: {database.Message}", "Check ConnectionStrings:minion, or leave it out to use the embedded PostgreSQL."),
        _ => (Failed, $"The server could not start: {exception.Message}", "Start it with MINION_TRACE=1 to see where that comes from."),
    };
}
