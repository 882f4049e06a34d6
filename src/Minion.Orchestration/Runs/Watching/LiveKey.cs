namespace Minion.Orchestration.Runs.Watching;

/// <summary>Whose run is watched: nobody hears of a run that is another tenant's, whatever id is asked for.</summary>
internal readonly record struct LiveKey(string Tenant, Guid Run);
