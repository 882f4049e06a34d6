using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Minion.Models.Api;

namespace Minion.Models;

/// <summary>The gateway's gRPC services.</summary>
public static class ModelEndpoints
{
    /// <summary>Maps costs, budgets and the catalog; for a host that has added <see cref="ModelServices.AddModelSpending"/>.</summary>
    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<CostService>();
        endpoints.MapGrpcService<BudgetService>();
        endpoints.MapGrpcService<ModelService>();
        return endpoints;
    }
}
