using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;

namespace Minion.Tools.Context;

/// <summary>What agents are told, and people's preferences, for clients and other services.</summary>
internal sealed class ContextGrpcService(ContextComposer composer, ContextFolders folders, PreferenceStore preferences) : ContextService.ContextServiceBase
{
    public override Task<GetContextResponse> GetContext(GetContextRequest request, ServerCallContext context)
    {
        ContextRequests.Check(request);
        var tokens = request.MaxTokens == 0 ? ContextRequests.DefaultTokens : request.MaxTokens;
        return composer.ComposeAsync(request.Providers, tokens, request.Query, context.GetCaller(), context.CancellationToken);
    }

    public override Task<ListContextFoldersResponse> ListContextFolders(ListContextFoldersRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("see the server's folders");
        return Task.FromResult(new ListContextFoldersResponse { Folders = { folders.Of(caller.Tenant) } });
    }

    public override async Task<ListPreferencesResponse> ListPreferences(ListPreferencesRequest request, ServerCallContext context) =>
        new() { Preferences = { await preferences.ListAsync(context.GetCaller(), context.CancellationToken) } };

    public override async Task<SetPreferenceResponse> SetPreference(SetPreferenceRequest request, ServerCallContext context)
    {
        ContextRequests.Check(request);
        var preference = await preferences.SetAsync(context.GetCaller(), request.Name, request.Value.Trim(), context.CancellationToken);
        if (preference is null)
        {
            var violations = new Violations();
            violations.Check(holds: false, "name", $"cannot be added: a person has at most {PreferenceStore.Most} preferences.");
            violations.ThrowIfAny();
        }

        return new SetPreferenceResponse { Preference = preference };
    }

    public override async Task<DeletePreferenceResponse> DeletePreference(DeletePreferenceRequest request, ServerCallContext context)
    {
        ContextRequests.Check(request);
        return await preferences.DeleteAsync(context.GetCaller(), request.Name, context.CancellationToken)
            ? new DeletePreferenceResponse()
            : throw Fault.NotFound("preference", request.Name, "'minion preferences list' shows yours.");
    }
}
