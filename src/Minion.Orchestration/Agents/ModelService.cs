using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Agents;

/// <summary>The tenant's models over gRPC.</summary>
internal sealed class ModelService(ModelStore models) : Contracts.Orchestration.V1.ModelService.ModelServiceBase
{
    public override async Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        TextRules.CheckText(request.Name, 200, "name", violations);
        violations.ThrowIfAny();
        var found = await models.FindAsync(context.GetCaller().Tenant, request.Name, stamp: null, context.CancellationToken)
            ?? throw Fault.NotFound("model", request.Name, "Declare it under models in a cluster file and apply that.");
        var model = ToProto(found);
        model.Definition = found.ToJson();
        return new GetModelResponse { Model = model };
    }

    public override async Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var found = await models.ListAsync(context.GetCaller().Tenant, context.CancellationToken);
        return new ListModelsResponse { Models = { found.Select(ToProto) } };
    }

    private static Model ToProto(ModelDefinition definition) =>
        new() { Name = definition.Name, Provider = definition.Provider, Model_ = definition.Model ?? "" };
}
