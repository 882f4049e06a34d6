using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>How a run is shown while it happens.</summary>
internal interface IRunView
{
    /// <summary>Whether pieces of an answer under way are of use; without them only what is finished is shown.</summary>
    bool WantsDeltas { get; }

    void Show(WatchRunResponse part);
}

/// <summary>Shows nothing: the run's end is all that counts.</summary>
internal sealed class NoView : IRunView
{
    public bool WantsDeltas => false;

    public void Show(WatchRunResponse part)
    {
    }
}
