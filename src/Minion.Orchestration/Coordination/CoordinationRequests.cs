using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Faults;
using Minion.Orchestration.Messages;
using Minion.Yaml;

namespace Minion.Orchestration.Coordination;

/// <summary>Checks requests about semaphores, barriers and queues; all bad fields are named at once.</summary>
internal static class CoordinationRequests
{
    public const int Most = 10_000;
    private const string NameForm = "1 to 200 letters, digits, dots, hyphens, underscores and slashes";
    private static readonly TimeSpan LongestLease = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    public static void Name(string name, string field, Violations v) => v.Check(
        Address.IsTopic(name), field, name.Length == 0 ? $"is missing: {NameForm}." : $"{Quoted.Of(name)} is not a name: {NameForm}.");

    public static void Holder(string holder, string field, Violations v)
    {
        v.Check(holder.Length > 0, field, "is missing: who holds it, 'run:ID' or a name of your own.");
        MessageRequests.Short(holder, field, v);
    }

    public static TimeSpan Lease(Duration? given, Violations v) => MessageRequests.Span(
        given, TimeSpan.FromSeconds(1), LongestLease, "lease", "must be from 1 second to 24 hours, or absent for 30 seconds.", v) ?? DefaultLease;

    public static void Name(string name, string field = "name")
    {
        var v = new Violations();
        Name(name, field, v);
        v.ThrowIfAny();
    }
}
