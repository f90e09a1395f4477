"""Words that are also company names, and that alone do not identify a company in a headline ("Raises Price Target").

Hand-written lists in lower case: English and Russian words by which companies are called or which begin their names,
places, first names, and everyday abbreviations. A name of such words alone must be recognisable as a name in the text;
see `signals.tickers.name_context`.
"""

from __future__ import annotations

_ENGLISH = """
    a able above abundance acacia academy accelerate acceleration access accord ace acorn action active adams
    advance advanced advantage advent adventure aerial affiliated affinity age agency agile aid air airline airlines
    airport alarm alert align all alliance allied ally alpha alpine alta alternative am amazon ambassador amber
    american analog anchor and angel answers any apex apple applied approach aqua arc arcade arch are arena aris ark
    arrow art artisan as ascent ash aspect aspen asset assets assurance assured astro at atlas atom audience aurora
    authentic auto automatic autumn avalanche avalon avenue aviation axis bachelor badger balance ball bancorp band
    bank banking banks banner barn barrel base basic basin battery bay be beacon beam bear bearing beauty bee been
    belief bell belt benchmark benefit best beta better beyond big bill billion bio birch bird bishop black blast
    blue board boat body bold bolt bond bone book boot border boston both bottom bottomline boulder boulevard bow
    bowl box brand brands bravo bread break breeze brick bridge bright brightest broad broadcast broadway brook
    brooks brother brown brunswick buckeye buckle budget buffalo build builders building bull bureau burn business
    but butler buy by cable cactus cadence cain calm camden camp campus can canal cancer candle canon canyon cap
    capital capitol captain car carbon card cardinal care career cargo carriage carrier carter cascade case cash
    castle cat catalyst cathedral cause cavalier cedar celebrate cell cellular cement center central centre century
    ceramic certain chair challenge challenger chamber champion champions chance change channel charge chariot
    charles charm chart charter chase chemical chess chief choice church cinema circle circuit circular citadel
    citizen citizens city civic civil claim clarity class classic clean clear clearway click client cliff climate
    clock cloud clover club coach coal coast coastal coat code cognition coin cold collection collective college
    colony color columbia column combat comfort command commerce commercial common commonwealth communication
    communications community compass complete composite computer concept concert concord concrete condor connect
    connection conquest consolidated constant constellation construction consumer contact container contango content
    continental control convergence convoy cook cool copper coral cord core corn corner cornerstone corporate
    corporation corporations cosmos cotton council country county courier court cousins covenant cover cowboy craft
    crane crawford cream creative credit creek crest crew criteria critical cross crossroads crown cruise crystal
    cube culture cumulus cure current custom customers cut cutter cyber cycle daily dairy dana dash data dawn day
    deal dean decker deep deer defense definitive delta demand democrat den depot derby desert design destination
    development devices diameter diamond did diesel digital dime dimension direct direction discount discover
    discovery distant distribution diverse diversified diversity dividend division do dock does dog dollar dolphin
    domain dominion door double dover dow down downtown dragon dream drew drive drug duke dune duty dynamic dynamics
    each eagle early earth east eastern easy echo eclipse ecology economic economy edge edison education eight
    electric electro electron electronic electronics element elements elephant elevate eleven elite ellipse ember
    emerald emerge emergent emerging empire employees encore endeavor endeavour endurance energy engine engineering
    english enhanced enterprise enterprises entertainment entrust envision epic epoch equal equality equinox equity
    era essence essential essex estate eternal euro evening event ever everest evergreen evolution evolving exact
    exam excel exchange executive exotic expedition experience expert exploration explorer exponent export express
    extra extreme eye fabric face facet factor factory fair faith falcon fame family farm farmer farmers farms
    fashion fast fate favorite feather federal federated federation few fiber fidelity field fiesta fifth fifty
    figure film final finance financial finish fire first fish fisher fit five flag flagship flash fleet flex
    flexible flight float flow flower fluid flush flux fly focus food foods foot for force foreign forest
    forestry forever forge fork form formula fort fortress fortune forum forward fossil foundation founders founding
    four fox frame franchise franklin free freedom freeport freight fresh friend friendly friends from front
    frontier frontline fuel full fun function fund funding funds fusion future galaxy gallery game games gaming gap
    garden garnet gas gate gateway gather gear gem general generation genesis genie gentle genuine get giant gift
    glacier glass global globe glory glow go gold golden golf good goods grace graceland grade graham grain grand
    granite grant graphic graphite gravity gray great green greenfield greenhouse grey grid griffin ground group
    grove grow growth guarantee guaranty guard guardian guess guidance guide guild gulf gun habit had hall halo
    hammer hampton hand handy hanover happy harbor harbour hard hardware harmonic harmony harris harrow harte
    harvard harvest has hat have haven hawk he head heads health healthcare heart heartland heat heaven hector heels
    height helix help her hercules heritage hero heron hertz hi high highland highway hill hills him his history hit
    hold holding holdings hole holiday holly home homes honest honey honor hood hook hope horizon horizons horn
    horse hospital hospitality host hot hotel hotels hour house household houses housing how hub human hundred hunt
    hunter hydro hyperion ice icon idea ideal identity if image imagine immersion immune impact impala imperial
    import impulse in income independence independent index indigo industrial industries industry infinite infinity
    influence information infra infrastructure ingredient inland inn innovate innovation innovative input insight
    insights inspire inspired institute institutional instrument instruments insurance insured integer integral
    integrated integrity intelligence intelligent inter interactive intercept interest interface internal
    international internet intersection interval into intrepid intrinsic intuitive investment investments investor
    investors iron is island isle it item its ivy jack jacket jade jaguar jet jewel joint jones journal journey joy
    judge junior juniper just justice kaiser key keystone kids kimball king kingdom kings kirby kite knight knot
    know knowledge lab label labor laboratories labs lake lakeland lakes lamb lamp lancaster lance land landmark
    lands lantern laser last late launch laureate laurel lava law layne lead leader leaders leading leaf league lear
    learning lease leather lee legacy legal legend leisure lending lens level lever leverage liberty library life
    lifetime light lighthouse lightning like lily lime limelight limited lincoln line lineage linear lines link lion
    liquid liquidity list lithium little live lively living load loan loans local location lock lodge logic
    logistics long look loop lost loud love low loyal luck lumber luminous luna lunar luxury lynx machine machines
    macro magazine magellan magic magna magnet magnetic main mainstream major maker mall management mansion manual
    manufacturers manufacturing maple marathon marble march margin marine mariner maritime mark market marketing
    markets marlin maroon marsh marten martin marvel mason mass mast master match material materials matrix matter
    matters maverick maxim maximum may mayor maze me meadow mean media medical medicine medicines mega member
    memorial memory men mental mercantile merchant merchants mercury merge meridian merit meta metal metals meteor
    meter method metro metropolitan micro microbe mid middle midland midstream midway might mile milestone military
    milk mill miller million mills mind mine mineral minerals mining mint minute miracle mirage mirror
    mission mitten mobile mode model modern modest molecular momentum monarch money monitor monogram monroe monster
    month monument moon more morning mortgage mosaic moss most mother motion motor motors mount mountain move movie
    much multi municipal muscle museum music mutual my myriad mystic nation national nations native natural nature
    nautilus naval navigator navy near nectar neo neon nest net network networks neutral new newcastle newport news
    next nexus nice nickel night nine no noble node nor nordic normal north northeast northern northland northstar
    northwest not note nova now nuclear number nutrition oak oasis object observer ocean oceanic octave octopus
    odyssey of off offer office offshore oil old olive olympic omega omni on once one onyx opal open opera
    operations optic optical optimal optimum option options opus oracle orange orbit orbital orchard orchid order
    organic orient original orion otter our out outback outdoor outfitters outlook outpost over owl own owner oxford
    oxygen pace pacific pack package packaging page paint palace palm pan panda panel panther papa paper par parade
    paradise paragon parallel parent park parker parks parkway part partner partners partnership passage passport
    past patch path pathfinder pathway patient patriot pattern pay payment payments peak pearl pebble peer pegasus
    pen pendulum peninsula penn penny people peoples pepper perception perceptive perfect performance permanent
    permian perry personal perspective pet petroleum pharmacy phase phoenix phone photo photon physical physicians
    piano pier pike pilgrim pilot pine pinnacle pinnacles pioneer pipeline pitch pivot pixel pizza place plain
    plains plan plane planet plant plantation plastic plate platform platinum play player plaza pledge plug plum
    plus point points polar polaris pole policy pollen polo pool pop popular port portal portfolio portrait position
    positive post potential pour powder power powers practice prairie precision preferred premier premium prepared
    present preserve presidential press prestige price primary prime prince princess principal print prior priority
    private pro process processing procter producer product production products professional profile profit program
    progress progressive project promise proof properties property prospect prosperity protection protective proto
    provide providence provident province prudent prudential public publishing pull pulse puma pump pure purple
    purpose push pyramid quad quality quanta quantum quarter quartz quest quick quiet quote radar radiant radical
    radio rail railroad rain rainbow ram ramp ranch range ranger rank rapid rare raven ray reach react reaction
    ready real reality realty rebel recall record recovery red redwood reef reference refine refining reflect regal
    regency region regional regions register regulus reliability reliable reliance relief remark remedy renaissance
    renewable rent rental republic rescue research reserve reservoir residence residential resolute resolution
    resource resources respect response rest restaurant restaurants restoration result retail retirement return
    revenue reverse review revolution reward rex rhythm rice rich ridge rigel right ring rise rising rite river
    riverside road roadrunner robot rock rocket rocky rod roman roof root rope rose rosetta round route rover row
    royal royale rub ruby rudolph rule run rural rush sable sabre saddle safe safeguard safety sage sail saint sale
    sales salient salmon salt sanctuary sand sandstone sapphire satellite saturn save savings savvy scale scan
    school science sciences scientific scope scorpion scout screen script sea seaboard seal search season seat
    second secret secure securities security seed select selective self semiconductor semiconductors sense sensor
    sentinel sentry sequence sequential sequoia series serve service services set seven shade shadow shaft shamrock
    shape share shares shark sharp she shell shelter shepherd shield shift shine ship shipping ships shire shoe shop
    shopping shore short show shuttle sierra sigma sign signal signature signet silicon silk silver simple simply
    single siren sirius site six sky skyline slate sleep slide slim smart smith smoke snap snow so social society
    soft software soil solar soldier sole solid solo solution solutions some sonic sorrento soul sound source south
    southeast southern southland southwest sovereign space spark spartan special specialty spectra spectral spectrum
    speed sphere spice spider spin spiral spire spirit split sport sports spot spring springs sprint sprout spruce
    square stable stadium staff stage stamp standard standards staples star stars start state states station statue
    status steady steel stein stella stem step stereo sterling stewart stitch stock stocks stone stop storage store
    stores storm story straight strait strata strategic strategy stratus stream street strength stretch strike
    strong structure student studio style sub sublime success such sugar suit summer summit sun sunrise sunset super
    superior supply support supreme sure surf surge surgery surgical surprise survey sustainable swan sweet swift
    switch symbol symmetry sync syndicate synergy synthetic system systems table tabula tag tail talent tandem
    tangent tango tank tap target task taste taylor teach team tech technical technique technologies technology tel
    telecom telegraph telephone television tell temple tempo ten tender tennis term terminal terra terrace terrain
    territory test textile than that the theater theatre them then theorem theory therapeutics there thermal thermo
    these they thinking third this thor those thrift thrive thunder tidal tide tier tiger tile timber timberland
    time times tin tiny titan titanium title to tobacco today toll tomorrow ton too tool tools top topaz torch toro
    total touch touchstone tour toward tower towers town toy track tracker tractor trade trader traders trading
    tradition trail train trans transact transaction transfer transform transit transition transmission transport
    transportation travel traveler travelers treasure treasury tree trek trend tri triad trial triangle tribe
    tribune tribute trident trinity trio triple triton triumph tropical truck true truly trump trust trustee truth
    tube tuesday tundra turbine turn turning twin twist two type ultimate ultra umpqua under union unique unison
    unit unite united units unity universal universe university unlimited up upper urban us usher utilities utility
    vail valero valley valor value values valve van vanguard vantage vapor varsity vault vector vectors vega vehicle
    venture ventures venue venus veritable veritas verity versatile vertex vertical very vessel vesta veteran via
    victor victory video view viking villa village vine vintage violet viper virgin virtual virtue virtus visa
    visible vision vista visual vital vitamin vivid vocal voice volcano volt voltage volume voyage voyager vulcan
    wabash wage wagon wall war warehouse warrior was wash waste watch water waters watson wave waves way we wealth
    weather web week weekly weight welcome well wellness were west western westwood whale what wheat wheel when
    where which while white who whole whom why wide wild will willow win wind window windstream wine wing wings
    winner winter wire wireless wisdom wise wish with wolf wolverine wonder wood woods word work works workshop
    world worldwide worth would wrap wright yard year yellow yes yet yield you young your youth zebra zen zenith
    zero zeta zone zoo
"""
_ABBREVIATIONS = """
    abc ad ads ag ai am ap api app ar asap atm av ax bbc bn bpd ca cao cco cdo ceo cfo cio cme cmo coo cpi cpo crm
    cro cto dc dj dna doj ecb epa eps er esg est et etf etfs eu ev evp evs faa fcc fda fed fomc ftc gdp gmt gw gwh
    h1 h2 hd hiv hq hr id ii iii imf ip ipo iq ir irs it itc iv kw kwh la led lng lp lpg ltd ma mba md mr mri ms mw
    mwh nafta nato ngl nhs nsa ny nyt odd ok opec or pa pc pe pm pmi ppi pr pt pv q q1 q2 q3 q4 qe r&d rd re rna roe
    roi sec sms st svp tb tbd tsa tv uk un us usa usd va vat vc vip vp vr wsj wto
"""
_PLACES = """
    latam aruba
    africa alabama alaska albany alberta america amsterdam arab arabia argentina argentine arizona arkansas asia
    asian athens atlanta atlantic austin australia australian austria austrian baltic baltimore bangkok barcelona
    bavaria beijing belgian belgium berlin bermuda bombay brazil brazilian bristol britain british brussels buenos
    burlington california cambridge canada canadian caribbean carolina carolinas central charlotte chester chicago
    chile chilean china chinese cincinnati cleveland colombia colombian colorado connecticut cuban czech dakota
    dallas damascus danish danube delaware delhi denmark denver detroit dublin durham dutch east ecuador edinburgh
    egypt egyptian england erie estonian europe european fargo finland finnish flanders florida france frankfurt
    french geneva georgia german germany greece greek greenwich hamburg hamilton hartford hawaii hawaiian helsinki
    holland hollywood hong houston hudson hungarian hungary iceland icelandic idaho illinois india indian indiana
    indonesia indonesian iowa iran iranian iraq iraqi ireland irish israel istanbul italian italy jamaican japan
    japanese jersey kansas kent kentucky kenya kenyan kiev kong korea korean lagos lanka latin lebanese lexington
    lima lisbon london louisiana louisville madison madrid maine malaysia malaysian manchester manhattan manila
    marseille maryland massachusetts melbourne memphis mexican mexico miami michigan milan milwaukee minneapolis
    minnesota mississippi missouri monaco montana montreal moscow mumbai munich nairobi naples nashville nebraska
    netherlands nevada new newark nigeria nigerian norfolk north norway norwegian nyc oakland ohio oklahoma ontario
    oregon orlando osaka oslo ottawa pakistan pakistani panama paris pennsylvania peru peruvian philadelphia
    philippine philippines phoenix pittsburgh poland polish portland portugal portuguese prague puerto quebec queens
    queensland raleigh richmond rico rio rochester romania romanian rome russia russian sacramento salem salisbury
    san santa santiago saudi scandinavia scotland scottish seattle seoul serbian shanghai siberia singapore
    singaporean somerset south spain spanish springfield sri stamford stockholm stuttgart sussex sweden swedish
    swiss switzerland sydney syracuse taiwan taiwanese tampa tennessee texas thai thailand tokyo toledo toronto
    tulsa turk turkey turkish ukraine ukrainian uruguay utah vancouver venezuela venice vermont vernon victoria
    vienna vietnam vietnamese virginia wales warsaw warwick washington waterloo wellington west westminster windsor
    wisconsin worcester wyoming york yukon zealand zurich
"""
_RUSSIAN = """
    авангард аврора актив альфа базис банк берег биржа вектор весна вестник вымпел газ галс гарант гвоздь глобус
    город группа дело дикси дом дорога единство заря звезда золото искра камаз квант квартал ключ компания космос
    лента лидер линия магнит маяк медведь медиа мир мост нефть новатор новь океан окей олимп партнер перекресток пик
    победа позитив полюс порт поток прогресс пятерочка ракета регион россия рост русь самолет свет свобода север
    сегодня сеть сила система солнце союз спутник сталь старт столица строитель темп титан тройка труд успех факел
    финанс центр чайка эксперт элемент энергия эталон эфир юг юнион якорь
"""
_FIRST_NAMES = """
    vince glen graham meredith bret brett dale dean derek floyd joanne kurt lance marvin ray
    aaron abraham adam adrian alan albert alex alexander alexandra alfred alice allen amanda amy andre andrea andrew
    andy angela ann anna anne anthony antonio arnold arthur audrey barack barbara barry ben benjamin bernard betty
    bill bob bobby bonnie boris brad bradley brandon brenda brian bruce bryan calvin carl carla carlos carmen carol
    caroline casey catherine cathy charles charlie cheryl chris christian christina christine christopher cindy
    claire clark clifford craig crystal cynthia dan daniel danny darren dave david deborah debra dennis diana diane
    dick dmitry don donald donna doris dorothy doug douglas dwight earl ed eddie edgar edith eduardo edward edwin
    elaine elizabeth ellen elon emily emma enrique eric erica erik ernest ethan eugene eva evan evelyn fernando
    florence frances francis francisco frank franklin fred frederick gabriel gary gavin gene george gerald gilbert
    gina gloria gordon greg gregory guy hannah harold harrison harry harvey heather heidi helen henry herbert
    hillary holly howard hugh ian igor irene isaac ivan jack jackie jacob jacqueline jaime jake james jamie jan jane
    janet janice jason jay jean jeff jeffrey jennifer jeremy jerome jerry jesse jessica jill jim jimmy joan joe joel
    john johnny jon jonathan jordan jorge jose joseph joshua juan judith judy julia julian julie justin karen karl
    kate katherine kathleen keith kelly ken kenneth kevin kim kirk kristen kyle larry laura lauren lawrence leo leon
    leonard leslie lewis lily linda lisa lloyd lois louis louise lucas lucy luis luke luther lynn manuel marc marcus
    margaret maria marie marilyn mario marissa mark marshall martha martin mary matt matthew maurice max megan
    melissa michael michel michelle miguel mike mitch mitt monica nancy natalie nathan neil nicholas nick nicole
    nigel nikolai nina noah norman oleg oliver olivia oscar owen pamela patricia patrick paul paula pedro peggy
    penny pete peter phil philip phillip phyllis rachel ralph ramon randall randy raymond rebecca reed regina rex
    richard rick ricky rob robert roberto robin rodney roger roland ron ronald rosa rosemary ross roy ruben ruby
    rupert russell ruth ryan sally sam samantha samuel sandra sara sarah satya scott sean sergei sergey seth shane
    shannon sharon shawn sheila sheryl shirley sidney simon sonia sophia spencer stacy stanley stefan stephanie
    stephen steve steven stuart sundar susan suzanne sylvia tamara tammy ted terence teresa terry thelma theodore
    theresa thomas tiffany tim timothy tina todd tom tommy tony tracy travis trevor troy tyler valerie vanessa
    veronica victor vincent violet virginia vivian vladimir wallace walt walter wanda warren wayne wendy wesley
    william willie yolanda yves zachary
"""

# Lines of business, which the press leaves out: Agilent Technologies, Thermo Fisher Scientific, Delta Air Lines.
_TRADES = """
    telecommunication
    air automobiles airlines airways automation automotive bancorp bancshares bank banking beverage beverages biopharma
    biopharmaceuticals biosciences biotech biotechnology brands broadcasting capital chemical chemicals
    communications computer corporation devices diagnostics digital education electric electronics energy
    enterprises entertainment exploration financial foods gaming genetics gold health healthcare homes hospitality
    hotel hotels industries instruments insurance interactive international laboratories lines lng logistics
    machines management manufacturing materials media medical medicines midstream mining motor motors networks
    offshore oil outfitters partners petroleum pharma pharmaceutical pharmaceuticals products properties realty
    resorts resources restaurants retail science sciences scientific semiconductor semiconductors services shipping
    software solar solutions steel stores systems technologies technology telecom television theaters therapeutics
    tobacco transportation trust wireless worldwide банк
"""

FIRST_NAMES = frozenset(_FIRST_NAMES.split())
PLACES = frozenset(_PLACES.split())
TRADES = frozenset(_TRADES.split())
COMMON_WORDS = frozenset((_ENGLISH + _ABBREVIATIONS + _RUSSIAN).split()) | FIRST_NAMES | PLACES

# Public bodies, associations and things that are written in capitals like the name of a company.
_ABBREVIATION_LIST = """
    aaa aarp aba abs acs ada aha ai ama ami amc ansi api asp ata atf atm bbb bbc bea bis bls boe boj bok cbo ccc
    cdc cdma cds cdo cfo cftc cia cis cma cms cnn coo cpi cpu crm csr cto dc dhs diy dna dod doe doj dot dsl dvd ecb
    edi eia epa epo erp esa esg etf eu faa faq fas fbi fcc fda fdic fema ferc fha fifa ftc gao gcc gdp gis gmo
    gps gsa gse gsm hd hdtv hhs hiv hr hud iaea iata icc icd iea ieee ifc ifr iii ilo imf imo ims ipo iptv irs iso
    isp it itc jv kpi lcd led lng lpg lte mba mlb mls mri nasa nato nba nci ncaa nea nfl nhl nhs nih nist nra nrc nsa
    nsf ntsb nyse oecd opec osha otc p2p pc pga pim pmi poc ppp pr qa qe rbi rf rfid roi rss sba sdk sec seo sga sme
    sms soa soc sox ssa sso tarp tsa tv uaw uefa ufc uk un unesco unicef us usb usda usps vat vc voip vpn who wifi wip
    wti wto xml mdc msb gop swat nyc
"""
ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
