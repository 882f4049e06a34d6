namespace Minion.AppHost.Options;

/// <summary>What is said on the command line without a value; everything else there is configuration (<c>--KEY=VALUE</c>).</summary>
/// <param name="NoContainers">Programs of this machine take the place of containers, also where a container engine answers.</param>
/// <param name="StopOnFailure">When one resource fails, all are stopped; otherwise the others stay.</param>
internal sealed record Switches(bool NoContainers, bool StopOnFailure)
{
    private const string NoContainersSwitch = "--no-containers";
    private const string StopOnFailureSwitch = "--stop-on-failure";

    /// <summary>The switches, and the arguments without them.</summary>
    public static Switches Take(string[] args, out string[] rest)
    {
        rest = [.. args.Where(arg => arg is not (NoContainersSwitch or StopOnFailureSwitch))];
        return new Switches(args.Contains(NoContainersSwitch), args.Contains(StopOnFailureSwitch));
    }
}
