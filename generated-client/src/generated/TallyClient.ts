// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { BaseHttpRequest } from './core/BaseHttpRequest.js';
import type { OpenAPIConfig } from './core/OpenAPI.js';
import { AccountsService } from './services/AccountsService.js';
import { AuthService } from './services/AuthService.js';
import { HealthService } from './services/HealthService.js';
import { ImagesService } from './services/ImagesService.js';
import { ShopService } from './services/ShopService.js';
import { SumService } from './services/SumService.js';
import { TiersService } from './services/TiersService.js';
type HttpRequestConstructor = new (config: OpenAPIConfig) => BaseHttpRequest;
export class TallyClient {
  public readonly accounts: AccountsService;
  public readonly auth: AuthService;
  public readonly health: HealthService;
  public readonly images: ImagesService;
  public readonly shop: ShopService;
  public readonly sum: SumService;
  public readonly tiers: TiersService;
  public readonly request: BaseHttpRequest;
  constructor(config: Partial<OpenAPIConfig>, HttpRequest: HttpRequestConstructor) {
    this.request = new HttpRequest({
      BASE: config.BASE ?? '',
      VERSION: config.VERSION ?? '0.1.0',
      WITH_CREDENTIALS: config.WITH_CREDENTIALS ?? false,
      CREDENTIALS: config.CREDENTIALS ?? 'include',
      TOKEN: config.TOKEN,
      USERNAME: config.USERNAME,
      PASSWORD: config.PASSWORD,
      HEADERS: config.HEADERS,
      ENCODE_PATH: config.ENCODE_PATH,
    });
    this.accounts = new AccountsService(this.request);
    this.auth = new AuthService(this.request);
    this.health = new HealthService(this.request);
    this.images = new ImagesService(this.request);
    this.shop = new ShopService(this.request);
    this.sum = new SumService(this.request);
    this.tiers = new TiersService(this.request);
  }
}
