"""The names of months and weekdays in many languages, folded as `date_text.fold` does.

Written by `python -m tests.news.month_tables` from CLDR; do not edit.
"""

#: The languages by their codes of two letters.
LANGUAGES = (
    "ar",
    "bg",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "fi",
    "fr",
    "hr",
    "hu",
    "id",
    "it",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sv",
    "tr",
    "uk",
)

#: The names of each month that mean the same in all languages that have them; _ stands for a space.
MONTHS = (
    (
        "ene enero gen gener gennaio ian ianuarie jan janeiro janner januar januara januari january janv "
        "janvier led leden ledna oca ocak sij sijecanj sijecnja sty styczen stycznia tammi tammikuu "
        "tammikuuta ιαν ιανουαριοσ ιανουαριου січ січень січня янв январь января яну януари كانون_الثاني "
        "يناير"
    ),
    (
        "feb febbraio febr febrer febrero februar februara februari februarie february fev fevereiro fevr "
        "fevrier helmi helmikuu helmikuuta lut lutego luty sub subat uno unor unora velj veljaca veljace φεβ "
        "φεβρουαριοσ φεβρουαριου лют лютии лютого фев февр февраль февраля февруари شباط فبراير"
    ),
    (
        "bre brezen brezna maalis maaliskuu maaliskuuta maart mar marc marca march marcius marco marec maret "
        "mars mart martie marts marz marzec marzo mrt mrz ozu ozujak ozujka μαρ μαρτιοσ μαρτιου бер березень "
        "березня мар март марта اذار مارس"
    ),
    (
        "abr abril apr april aprila aprile aprilie aprilis avr avril dub duben dubna huhti huhtikuu "
        "huhtikuuta kwi kwiecien kwietnia nis nisan tra travanj travnja απρ απριλιοσ απριλιου апр апрель "
        "апреля април кві квіт квітень квітня ابريل نيسان"
    ),
    (
        "kve kveten kvetna mag maggio mai maig maio maj maja majus may mayis mayo mei svi svibanj svibnja "
        "touko toukokuu toukokuuta μαι μαιοσ μαιου маи мая тра трав травень травня ايار ماي مايو"
    ),
    (
        "cerven cervna cvn cze czerwca czerwiec giu giugno haz haziran iun iunie juin jun juna june junho "
        "juni junio junius juny kesa kesakuu kesakuuta lipanj lipnja ιουν ιουνιοσ ιουνιου июн июнь июня чер "
        "черв червень червня юни حزيران يونيو"
    ),
    (
        "cervence cervenec cvc heina heinakuu heinakuuta iul iulie juil juillet jul jula julho juli julio "
        "juliol julius july lipca lipiec lug luglio srpanj srpnja tem temmuz ιουλ ιουλιοσ ιουλιου июл июль "
        "июля лип липень липня юли تموز يوليو يوليوز"
    ),
    (
        "ag ago agost agosto agu agustos agustus aout aug august augusta augusti augustus augusztus elo "
        "elokuu elokuuta kol kolovoz kolovoza sie sierpien sierpnia srpen srpna αυγ αυγουστοσ αυγουστου авг "
        "август августа сер серп серпень серпня اب اغسطس غشت"
    ),
    (
        "eyl eylul ruj rujan rujna sep sept september septembra septembre septembrie septiembre set setembre "
        "setembro setiembre settembre syys syyskuu syyskuuta szept szeptember wrz wrzes wrzesien wrzesnia zar "
        "zari σεπ σεπτεμβριοσ σεπτεμβριου вер вересень вересня сен сент сентябрь сентября сеп септември ايلول "
        "سبتمبر شتنبر"
    ),
    (
        "eki ekim loka lokakuu lokakuuta oct october octobre octombrie octubre okt oktober oktobra ott "
        "ottobre out outubro paz pazdziernik pazdziernika rij rijen rijna οκτ οκτωβριοσ οκτωβριου жов жовт "
        "жовтень жовтня окт октомври октябрь октября اكتوبر تشرين_الاول"
    ),
    (
        "kas kasim listopadu marras marraskuu marraskuuta noiembrie nov november novembra novembre novembro "
        "noviembre stu studeni studenoga νοε νοεμβριοσ νοεμβριου лис лист листопад листопада ное ноември ноя "
        "нояб ноябрь ноября تشرين_الثاني نوفمبر نونبر"
    ),
    (
        "ara aralik dec december decembra decembre decembrie des desember desembre dez dezember dezembro dic "
        "dicembre diciembre gru grudnia grudzien joulu joulukuu joulukuuta pro prosinac prosinca prosince "
        "prosinec δεκ δεκεμβριοσ δεκεμβριου гру груд грудень грудня дек декабрь декабря декември دجنبر ديسمبر "
        "كانون_الاول"
    ),
)

#: Names of different months in different languages: the name, the month, the languages.
MIXED = (
    ("lip", 6, "hr"),
    ("lip", 7, "pl"),
    ("lis", 10, "hr"),
    ("lis", 11, "cs pl"),
    ("listopad", 10, "hr"),
    ("listopad", 11, "cs pl"),
    ("listopada", 10, "hr"),
    ("listopada", 11, "pl"),
    ("srp", 7, "hr"),
    ("srp", 8, "cs"),
)

#: The names of weekdays.
WEEKDAYS = (
    "ca car carsamba cet cetvrtak cmt cs csutortok ct ctvrtek cu cum cuma cumartesi czw czwartek dc dg di "
    "dienstag dijous dilluns dim dimanche dimarts dimecres dinsdag dissabte diumenge divendres dj dl do "
    "dom domenica domingo donderdag donnerstag ds dt du dum duminica dv fr fre fredag freitag fri friday "
    "gio giovedi hetfo je jeu jeudi joi ju jue jueves jum jumat kam kamis ke kedd keskiviikko "
    "keskiviikkona la lauantai lauantaina lo lor lordag lu lun lundi lunedi lunes luni ma maanantai "
    "maanantaina maandag man mandag mar mardi martedi martes marti me mer mercoledi mercredi mi mie "
    "miercoles miercuri min minggu mittwoch mo mon monday montag ne ned nedela nedele nedjelja nie niedz "
    "niedziela on ons onsdag pa patek paz pazar pazartesi pe pentek per perjantai perjantaina persembe "
    "pet petak pi pia piatek piatok po pon pondeli pondelok ponedjeljak poniedzialek pt pzt qua "
    "quarta-feira qui quinta-feira rab rabu sa sab sabado sabato sabtu sal sali sam sambata samedi "
    "samstag sat saturday seg segunda-feira sel selasa sen senin sex sexta-feira so sob sobota son sondag "
    "sonntag sr sri srijeda sro sroda st streda stvrtok su sub subota sun sunday sunnuntai sze szerda szo "
    "szombat ter terca-feira th thu thursday ti tiistai tiistaina tir tirs tirsdag tis tisdag to tor tors "
    "torsdag torstai torstaina tu tue tuesday ut utery uto utorak utorok vasarnap ve ven vendredi venerdi "
    "vi vie viernes vin vineri vr vrijdag we wed wednesday wo woensdag wt wto wtorek za zaterdag zo "
    "zondag δε δευ δευτερα κυ κυρ κυριακη πα παρ παρασκευη πε πεμ πεμπτη σα σαβ σαββατο τε τετ τεταρτη τρ "
    "τρι τριτη воскресенье вс вт вторник вівторок нд неделя неділя пʼятниця петък пн понеделник "
    "понедельник понеділок пт пятница сб середа ср среда сряда суббота субота събота четвер четверг "
    "четвъртък чт اثنين احد اربعاء الاثنين الاحد الاربعاء الثلاثاء الجمعة الخميس السبت ثلاثاء جمعة خميس "
    "سبت"
)
